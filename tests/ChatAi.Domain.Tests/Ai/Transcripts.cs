using ChatAi.Shared.Domain.Ai;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

/// <summary>Transcripts for the assistant's tests: by hand, and generated.</summary>
internal static class Transcripts
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names = ["ann", "Bob", "Çelik", "dora99", "Эмма", "[frank]", "AI"];

    private static readonly string[] Words =
    [
        "the",
        "kernel",
        "update",
        "broke",
        "sound",
        "on",
        "my",
        "laptop",
        "did",
        "you",
        "restart",
        "yes",
        "no",
        "Friday",
        "meeting",
        "moves",
        "to",
        "10:30",
        "who",
        "brings",
        "cake",
        "ölçü",
        "привет",
        "会議",
        "@ann",
        "Bob:",
        "https://example.org/x?y=1",
        "thanks!",
        "what",
        "is",
        "it",
        "?",
        "[#3]",
        "\"quoted\"",
        "line\nbreak",
        "🙂",
        "dora99,",
        "not",
        "never",
        "42",
    ];

    /// <summary>Lines a minute apart, numbered from 1; the same name is the same person.</summary>
    public static IReadOnlyList<TranscriptLine> Lines(params IEnumerable<(string Name, string Text)> lines) =>
        [.. lines.Select((l, i) => Line(i + 1, l.Name, l.Text, Start.AddMinutes(i)))];

    public static TranscriptLine Line(
        long seq,
        string name,
        string text,
        DateTimeOffset? at = null,
        long? replyTo = null,
        bool isAi = false
    ) => new(seq, Id(name), name, isAi || name == "AI", at ?? Start.AddMinutes(seq), text, replyTo);

    public static Guid Id(string name)
    {
        var bytes = new byte[16];
        System
            .Text.Encoding.UTF8.GetBytes(name)
            .AsSpan(0, Math.Min(16, System.Text.Encoding.UTF8.GetByteCount(name)))
            .CopyTo(bytes);
        return new Guid(bytes);
    }

    /// <summary>Up to 60 lines with gaps in numbers and time, replies, mentions, quotes, assistant's lines.</summary>
    public static readonly Gen<IReadOnlyList<TranscriptLine>> Gen = CsCheck
        .Gen.Select(
            CsCheck.Gen.Int[0, Names.Length - 1],
            CsCheck.Gen.Int[0, Words.Length - 1].Array[0, 14],
            CsCheck.Gen.Int[1, 3],
            CsCheck.Gen.Frequency((6, CsCheck.Gen.Int[0, 90]), (1, CsCheck.Gen.Int[0, 4000])),
            CsCheck.Gen.Int[0, 12]
        )
        .Array[0, 60]
        .Select(rows =>
        {
            var lines = new List<TranscriptLine>();
            long seq = 0;
            var at = Start;
            foreach (var (name, words, step, seconds, back) in rows)
            {
                seq += step;
                at = at.AddSeconds(seconds);
                long? replyTo = back > 8 && lines.Count > 0 ? lines[^Math.Min(back - 8, lines.Count)].Seq : null;
                lines.Add(Line(seq, Names[name], string.Join(' ', words.Select(w => Words[w])), at, replyTo));
            }

            return (IReadOnlyList<TranscriptLine>)lines;
        });
}
