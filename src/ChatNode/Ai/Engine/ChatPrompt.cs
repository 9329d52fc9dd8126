using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>
/// A conversation as tokens: the template's control tokens count as such, the same characters in people's words do not.
/// </summary>
public static partial class ChatPrompt
{
    public static int[] Tokenize(IInferenceEngine engine, IReadOnlyList<TemplateMessage> messages)
    {
        // The template sees a mark in the place of each content, and the contents are read apart from it. Every piece
        // then has the same tokens whatever follows it: good for keeping prefixes.
        var marked = engine.ApplyTemplate([.. messages.Select((m, i) => m with { Content = $"\uE000{i}\uE001" })]);
        var tokens = new List<int>();
        var done = 0;
        foreach (Match mark in Marks().Matches(marked))
        {
            Add(marked[done..mark.Index], ofTemplate: true);
            Add(messages[int.Parse(mark.ValueSpan[1..^1], CultureInfo.InvariantCulture)].Content, ofTemplate: false);
            done = mark.Index + mark.Length;
        }

        Add(marked[done..], ofTemplate: true);
        return [.. tokens];

        void Add(string text, bool ofTemplate)
        {
            if (text.Length > 0)
            {
                tokens.AddRange(engine.Tokenize(text, addBeginning: tokens.Count == 0, parseSpecial: ofTemplate));
            }
        }
    }

    [GeneratedRegex("\uE000[0-9]+\uE001", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marks();
}
