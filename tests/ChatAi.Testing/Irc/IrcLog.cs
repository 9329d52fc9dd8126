using System.Globalization;

namespace ChatAi.Testing.Irc;

public enum IrcLineKind
{
    /// <summary><c>[HH:MM] &lt;nick&gt; text</c></summary>
    Message,

    /// <summary><c>[HH:MM]  * nick text</c></summary>
    Action,

    /// <summary><c>=== …</c>: joins, parts and renames; also anything that is no chat line.</summary>
    System,
}

/// <param name="Number">Its line in the file, counted from 0 as the annotations count.</param>
/// <param name="At">To the minute; a system line has the time of the line before it.</param>
/// <param name="Nick">Who wrote it; empty for a system line.</param>
public sealed record IrcLine(int Number, IrcLineKind Kind, DateTimeOffset At, string Nick, string Text);

/// <summary>Reads the logs of ../shared/data/irc. Pure: text in, lines out.</summary>
public static class IrcLog
{
    /// <summary>Parses a whole log that begins on <paramref name="date"/>; a clock that falls back is a new day.</summary>
    public static IReadOnlyList<IrcLine> Parse(string text, DateOnly date)
    {
        var lines = new List<IrcLine>();
        var day = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var at = new DateTimeOffset(day);
        foreach (var raw in Split(text))
        {
            var clock = Clock(raw);
            if (clock is { } time)
            {
                var next = new DateTimeOffset(day) + time;
                // Clocks of neighbouring lines may be a minute out of order; half a day back is midnight.
                if (at - next > TimeSpan.FromHours(12))
                {
                    day = day.AddDays(1);
                    next += TimeSpan.FromDays(1);
                }

                at = next > at ? next : at;
            }

            lines.Add(Line(lines.Count, at, raw, clock is not null));
        }

        return lines;
    }

    /// <summary>The date in a file name such as <c>2004-11-15_03.raw.txt</c>.</summary>
    public static DateOnly DateOf(string fileName) =>
        DateOnly.ParseExact(Path.GetFileName(fileName)[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Pairs of an annotation file: line <c>To</c> answers line <c>From</c>; equal means it starts anew.</summary>
    public static IReadOnlyList<(int From, int To)> ParseAnnotations(string text)
    {
        var links = new List<(int, int)>();
        foreach (var raw in Split(text))
        {
            var parts = raw.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2)
                continue;
            var a = int.Parse(parts[0], CultureInfo.InvariantCulture);
            var b = int.Parse(parts[1], CultureInfo.InvariantCulture);
            links.Add((Math.Min(a, b), Math.Max(a, b)));
        }

        return links;
    }

    private static IEnumerable<string> Split(string text)
    {
        var lines = text.Split('\n');
        var count = lines.Length > 0 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return lines.Take(count).Select(l => l.TrimEnd('\r'));
    }

    private static IrcLine Line(int number, DateTimeOffset at, string raw, bool timed)
    {
        if (!timed)
            return new IrcLine(
                number,
                IrcLineKind.System,
                at,
                "",
                raw.StartsWith("=== ", StringComparison.Ordinal) ? raw[4..] : raw
            );
        var body = raw[7..].TrimStart(' ');
        if (body.StartsWith('<') && body.IndexOf('>', StringComparison.Ordinal) is var close and > 1)
        {
            var text = body[(close + 1)..];
            return new IrcLine(
                number,
                IrcLineKind.Message,
                at,
                body[1..close],
                text.StartsWith(' ') ? text[1..] : text
            );
        }

        if (body.StartsWith("* ", StringComparison.Ordinal))
        {
            var action = body[2..].TrimStart(' ');
            var space = action.IndexOf(' ', StringComparison.Ordinal);
            return space < 0
                ? new IrcLine(number, IrcLineKind.Action, at, action, "")
                : new IrcLine(number, IrcLineKind.Action, at, action[..space], action[(space + 1)..]);
        }

        return new IrcLine(number, IrcLineKind.System, at, "", body);
    }

    /// <summary>The time of <c>[HH:MM] </c>, null where the line does not begin so.</summary>
    private static TimeSpan? Clock(string raw)
    {
        if (raw.Length < 7 || raw[0] != '[' || raw[3] != ':' || raw[6] != ']')
            return null;
        return
            int.TryParse(raw.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(raw.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && hour < 24
            && minute < 60
            ? new TimeSpan(hour, minute, 0)
            : null;
    }
}
