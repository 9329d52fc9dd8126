namespace ChatAi.Shared.Domain.Ai.Blocks;

/// <summary>What stands for a stretch of a chat: its telling messages as quotes. The same for every reader.</summary>
/// <param name="Level">0: made of messages; above: made of <see cref="BlockGrid.Fan"/> blocks of the level below.</param>
/// <param name="Messages">How many messages it stands for: people's, without requests to the assistant.</param>
/// <param name="InputHash">SHA-256 (hex) over the messages, or over the hashes of the blocks below.</param>
public sealed record SummaryBlock(
    int Level,
    long First,
    int Messages,
    string InputHash,
    string Text,
    IReadOnlyList<long> Cites
)
{
    /// <summary>How it was made.</summary>
    public string Version { get; init; } = BlockMaker.Version;

    public long Last => First + BlockGrid.SizeOf(Level) - 1;

    public BlockKey Key => new(Level, First);
}

[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct BlockKey(int Level, long First)
{
    public long Last => First + BlockGrid.SizeOf(Level) - 1;

    /// <summary>The blocks below, in order; none for a leaf.</summary>
    public IEnumerable<BlockKey> Children()
    {
        if (Level == 0)
            yield break;
        var size = BlockGrid.SizeOf(Level - 1);
        for (var i = 0; i < BlockGrid.Fan; i++)
            yield return new BlockKey(Level - 1, First + i * size);
    }
}

/// <summary>Where blocks begin and end: fixed by the chat's numbers, so that all readers share them.</summary>
public static class BlockGrid
{
    /// <summary>Numbers a leaf: events that are no messages count, so it has at most so many messages.</summary>
    public const int LeafSize = 48;

    public const int Fan = 8;

    private const int Top = 6;

    public static long SizeOf(int level)
    {
        long size = LeafSize;
        for (var i = 0; i < level; i++)
            size *= Fan;
        return size;
    }

    /// <summary>The first number at or after this one at which a leaf begins.</summary>
    public static long BeginAtOrAfter(long seq) => (seq - 1 + LeafSize - 1) / LeafSize * LeafSize + 1;

    /// <summary>The last number at or before this one at which a leaf ends; 0 where there is none.</summary>
    public static long EndAtOrBefore(long seq) => seq / LeafSize * LeafSize;

    /// <summary>One block a level: those that stand for this number.</summary>
    public static IEnumerable<BlockKey> Containing(long seq) =>
        Enumerable
            .Range(0, Top + 1)
            .Select(level => new BlockKey(level, (seq - 1) / SizeOf(level) * SizeOf(level) + 1));

    /// <summary>The fewest blocks that cover exactly these numbers, which begin and end with a leaf.</summary>
    public static IReadOnlyList<BlockKey> Cover(long first, long last)
    {
        var keys = new List<BlockKey>();
        while (first <= last)
        {
            var level = Top;
            while (level > 0 && ((first - 1) % SizeOf(level) != 0 || first + SizeOf(level) - 1 > last))
                level--;
            keys.Add(new BlockKey(level, first));
            first += SizeOf(level);
        }
        return keys;
    }
}
