using ChatAi.Testing.Irc;

namespace ChatAi.Bench.Replay;

/// <param name="To">The one it is said to, by the habit of writing "nick: …"; null where nobody is named.</param>
public sealed record ReplayLine(int Number, string Speaker, string? To, string Text);

/// <summary>What is to be said, by whom, in order. Pure.</summary>
public static class ReplayScript
{
    /// <summary>The first lines of a log that somebody said, with the time stamps and the joins left out.</summary>
    public static IReadOnlyList<ReplayLine> Of(IReadOnlyList<IrcLine> log, int atMost)
    {
        var spoken = log.Where(line => line.Kind != IrcLineKind.System && line.Text.Trim().Length > 0)
            .Take(atMost)
            .ToList();
        var speakers = spoken.Select(line => line.Nick).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. spoken.Select(line => new ReplayLine(line.Number, line.Nick, Addressee(line, speakers), Words(line))),
        ];
    }

    /// <summary>Only the lines that one speaker says to another.</summary>
    public static IReadOnlyList<ReplayLine> Pairwise(IEnumerable<ReplayLine> lines) =>
        [.. lines.Where(line => line.To is not null)];

    private static string Words(IrcLine line) =>
        line.Kind == IrcLineKind.Action ? $"* {line.Nick} {line.Text}" : line.Text;

    private static string? Addressee(IrcLine line, HashSet<string> speakers)
    {
        var end = line.Text.IndexOfAny([':', ',']);
        return end > 0 && speakers.TryGetValue(line.Text[..end], out var nick) && nick != line.Nick ? nick : null;
    }
}
