using System.Security.Cryptography;
using System.Text;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Testing.Irc;

namespace ChatAi.Bench.Evaluation;

/// <summary>A real log as the assistant sees a chat, beside what people annotated in it.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Lines">The chat lines; <c>seq</c> is the line's number in the file plus one.</param>
/// <param name="Gold">For each annotated line (counted from 0) the lines it answers; itself where it starts anew.</param>
internal sealed record IrcTranscript(
    string Name,
    IReadOnlyList<TranscriptLine> Lines,
    IReadOnlyDictionary<int, IReadOnlyList<int>> Gold
)
{
    /// <summary>Annotated lines begin here; the lines before are context.</summary>
    public const int FirstAnnotated = 1000;

    public static IrcTranscript Read(string rawFile)
    {
        var gold = IrcData
            .ReadAnnotations(rawFile)
            .Where(l => l.To >= FirstAnnotated)
            .GroupBy(l => l.To)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<int>)[.. g.Select(l => l.From).Distinct().Order()]);
        return new IrcTranscript(
            Path.GetFileName(rawFile).Replace(".raw.txt", "", StringComparison.Ordinal),
            [.. ToLines(IrcData.Read(rawFile))],
            gold
        );
    }

    /// <summary>Chat lines only. A person stays the same person under a new nick, as in a chat with accounts.</summary>
    private static IEnumerable<TranscriptLine> ToLines(IReadOnlyList<IrcLine> lines)
    {
        var people = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Kind == IrcLineKind.System)
            {
                var words = line.Text.Split(' ');
                if (words.Length == 5 && words[1..4] is ["is", "now", "known"] or ["is", "now", "known", ..])
                    people[words[^1]] = PersonOf(words[0]);
                continue;
            }

            yield return new TranscriptLine(
                line.Number + 1,
                PersonOf(line.Nick),
                line.Nick,
                false,
                line.At,
                line.Text,
                null
            );
        }

        Guid PersonOf(string nick) => people.TryGetValue(nick, out var id) ? id : people[nick] = IdOf(nick);
    }

    private static Guid IdOf(string nick) => new(SHA256.HashData(Encoding.UTF8.GetBytes(nick)).AsSpan(0, 16));
}
