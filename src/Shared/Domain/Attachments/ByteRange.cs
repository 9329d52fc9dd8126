using System.Globalization;

namespace ChatAi.Shared.Domain.Attachments;

/// <summary>What part of a file is asked for (RFC 9110, section 14). One range; more than one counts as the whole.</summary>
/// <param name="From">First byte.</param>
/// <param name="Length">At least 1.</param>
public sealed record ByteRange(long From, long Length)
{
    /// <summary>Nothing that is asked for is there: 416.</summary>
    public static readonly ByteRange None = new(-1, 0);

    /// <summary>Null for the whole file: no header, none that is understood, or more than one range.</summary>
    public static ByteRange? Parse(string? header, long size)
    {
        const string unit = "bytes=";
        if (header is null || !header.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header.AsSpan(unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
            return null;
        var first = text[..dash].Trim();
        var last = text[(dash + 1)..].Trim();
        if (first.IsEmpty)
            return Number(last) is not { } suffix ? null
                : suffix == 0 || size == 0 ? None
                : new ByteRange(Math.Max(0, size - suffix), Math.Min(suffix, size));
        if (Number(first) is not { } from)
            return null;
        var to = size - 1;
        if (!last.IsEmpty)
        {
            if (Number(last) is not { } given || given < from)
                return null;
            to = Math.Min(to, given);
        }
        return from >= size ? None : new ByteRange(from, to - from + 1);
    }

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
