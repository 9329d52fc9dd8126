using System.Text;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>The start of a message on one line, for lists.</summary>
public static class Preview
{
    /// <summary>At most <see cref="Limits.PreviewLength"/> UTF-16 units; white space runs become one space.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder(Math.Min(text.Length, Limits.PreviewLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length + rune.Utf16SequenceLength > Limits.PreviewLength - 1)
                return result.Append('…').ToString();
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
                result.Append(rune);
            else if (result.Length > 0 && result[^1] != ' ')
                result.Append(' ');
        }
        return result.ToString().TrimEnd();
    }
}
