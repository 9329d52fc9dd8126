using ChatAi.Shared.Domain.Chats;
using CsCheck;

namespace ChatAi.Domain.Tests.Chats;

public sealed class RecentRingTests
{
    private sealed record Item(long Seq, int Chars);

    /// <summary>Against a plain list from which the oldest go. Numbers have gaps, as those of messages do.</summary>
    [Fact]
    public void Should_hold_the_newest_items_within_both_bounds() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 50], Gen.Select(Gen.Int[1, 3], Gen.Int[0, 20], Gen.Bool).Array[0, 60])
            .Sample(
                (maxItems, maxChars, steps) =>
                {
                    var ring = new RecentRing<Item>(maxItems, maxChars, i => i.Seq, i => i.Chars);
                    var kept = new List<Item>();
                    var seq = 0L;
                    foreach (var (gap, chars, replace) in steps)
                    {
                        IReadOnlyList<Item> dropped;
                        if (replace && kept.Count > 0)
                        {
                            var index = gap * 7 % kept.Count;
                            kept[index] = kept[index] with { Chars = chars };
                            dropped = ring.Replace(index, kept[index]);
                        }
                        else
                        {
                            var item = new Item(seq += gap, chars);
                            kept.Add(item);
                            dropped = ring.Add(item);
                        }
                        var gone = new List<Item>();
                        while (kept.Count > maxItems || (kept.Count > 1 && kept.Sum(i => i.Chars) > maxChars))
                        {
                            gone.Add(kept[0]);
                            kept.RemoveAt(0);
                        }
                        Assert.Equal(gone, dropped);
                        Compare(kept, ring, seq);
                    }
                },
                iter: 500
            );

    private static void Compare(List<Item> kept, RecentRing<Item> ring, long head)
    {
        Assert.Equal(kept, Enumerable.Range(0, ring.Count).Select(i => ring[i]));
        Assert.Equal(kept.Count == 0 ? long.MaxValue : kept[0].Seq, ring.FirstSeq);
        for (var seq = 0L; seq <= head + 1; seq++)
        {
            var sought = seq;
            Assert.Equal(kept.Find(i => i.Seq == sought), ring.Find(seq));
            Assert.Equal(kept.Where(i => i.Seq >= sought && i.Seq <= sought + 5).Take(3), ring.Range(seq, seq + 5, 3));
        }
    }
}
