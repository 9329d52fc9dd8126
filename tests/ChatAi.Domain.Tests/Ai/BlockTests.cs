using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public sealed class BlockTests
{
    private static readonly Guid Ann = new("00000000-0000-0000-0000-000000000001");

    [Fact]
    public void Should_cover_every_number_once_with_aligned_blocks() =>
        Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 3_000])
            .Sample(
                (skip, leaves) =>
                {
                    var first = 1L + skip * (long)BlockGrid.LeafSize;
                    var last = first - 1 + leaves * (long)BlockGrid.LeafSize;
                    var next = first;
                    foreach (var key in BlockGrid.Cover(first, last))
                    {
                        Assert.Equal(next, key.First);
                        Assert.Contains(key, BlockGrid.Containing(key.Last));
                        next = key.Last + 1;
                    }
                    Assert.Equal(last + 1, next);
                    // Grows with the logarithm.
                    Assert.InRange(BlockGrid.Cover(first, last).Count, 0, 2 * 7 * 5);
                }
            );

    /// <summary>Lines come, answer early ones, change and go in any order; kept blocks, dropped where touched, equal blocks made at once.</summary>
    [Fact]
    public void Should_be_the_same_made_step_by_step_as_made_at_once() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 900])
            .Array[1, 30]
            .Sample(
                steps =>
                {
                    var lines = new SortedDictionary<long, TranscriptLine>();
                    var kept = new Dictionary<BlockKey, SummaryBlock>();
                    long head = 0;
                    foreach (var (kind, n) in steps)
                    {
                        if (kind == 0)
                            for (var i = 0; i < n; i++)
                                lines[++head] = Line(head, $"Point {head}: the {Thing(head + n)} is ready.");
                        else if (kind == 3 && lines.Count > 0)
                            Answer(lines, ++head, lines.Keys.ElementAt(n % lines.Count));
                        else if (lines.Count > 0)
                            Change(lines, kept, lines.Keys.ElementAt(n % lines.Count), kind == 1);
                        Assert.Equal(Rolling(lines, head, new()), Rolling(lines, head, kept));
                    }
                },
                iter: 20
            );

    /// <summary>However late: it belongs to the block of its own number, and changes none that is made.</summary>
    private static void Answer(SortedDictionary<long, TranscriptLine> lines, long seq, long to) =>
        lines[seq] = Line(seq, $"The {Thing(to)} of point {to} is mended by now.") with { ReplyTo = to };

    private static void Change(
        SortedDictionary<long, TranscriptLine> lines,
        Dictionary<BlockKey, SummaryBlock> kept,
        long seq,
        bool edit
    )
    {
        if (edit)
            lines[seq] = lines[seq] with { Text = $"Now the {Thing(seq)} is broken and must be mended." };
        else
            lines.Remove(seq);
        foreach (var key in BlockGrid.Containing(seq))
            kept.Remove(key);
    }

    private static string Rolling(
        SortedDictionary<long, TranscriptLine> lines,
        long head,
        Dictionary<BlockKey, SummaryBlock> kept
    ) =>
        RollingDigest
            .Merge(BlockGrid.Cover(1, BlockGrid.EndAtOrBefore(head)).Select(key => Of(key, lines, kept).Text))
            .Text;

    private static SummaryBlock Of(
        BlockKey key,
        SortedDictionary<long, TranscriptLine> lines,
        Dictionary<BlockKey, SummaryBlock> kept
    )
    {
        if (!kept.TryGetValue(key, out var block))
            kept[key] = block =
                key.Level == 0
                    ? BlockMaker.Leaf(key.First, [.. lines.Values.Where(l => l.Seq >= key.First && l.Seq <= key.Last)])
                    : BlockMaker.Merge(key, [.. key.Children().Select(child => Of(child, lines, kept))]);
        return block;
    }

    private static TranscriptLine Line(long seq, string text) =>
        new(seq, Ann, "Ann", false, DateTimeOffset.UnixEpoch.AddMinutes(seq), text, null);

    private static string Thing(long n) => new[] { "boiler", "ladder", "curtain", "barrel", "signpost" }[n % 5];
}
