using System.Text;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>The start of a message on one line, for lists.</summary>
public static class Preview
{
    /// <summary>The text; of a message with files "📎 " and the text, or the first file's name where there is none.</summary>
    public static string Of(string text, IReadOnlyList<Attachment> attachments) =>
        attachments.Count == 0 ? Of(text)
        : !string.IsNullOrWhiteSpace(text) ? Of($"📎 {text}")
        : Of(
            attachments.Count == 1 ? $"📎 {attachments[0].Name}" : $"📎 {attachments[0].Name} +{attachments.Count - 1}"
        );

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
