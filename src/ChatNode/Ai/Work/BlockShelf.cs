using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <param name="Blocks">In order; where a leaf could not be made for want of patience, there is a gap.</param>
/// <param name="Made">Those of them, and those they are made of, that were not stored yet; a run hands in at most so many.</param>
public sealed record BlockCover(IReadOnlyList<SummaryBlock> Blocks, IReadOnlyList<SummaryBlock> Made)
{
    public static readonly BlockCover None = new([], []);
}

/// <summary>Brings the blocks of a stretch of a chat: stored ones, and what is missing made of messages.</summary>
public sealed class BlockShelf(IChatReader reader, ContextReader context)
{
    /// <summary>Leaves made in one run: about 5,000 messages.</summary>
    public const int MostLeaves = 104;

    /// <summary>Blocks handed in by one run: what fits into one message between nodes.</summary>
    public const int MostMade = 40;

    /// <param name="first">A leaf begins there.</param>
    /// <param name="last">A leaf ends there.</param>
    /// <param name="newestFirst">Which missing leaves are made where there are too many.</param>
    public async Task<BlockCover> CoverAsync(
        AiProtocol.Context of,
        long first,
        long last,
        bool newestFirst,
        CancellationToken cancel
    )
    {
        var cover = BlockGrid.Cover(first, last);
        if (cover.Count == 0)
            return BlockCover.None;
        var (have, missing) = await FindAsync(of, cover, cancel);
        var leaves = missing.Where(key => key.Level == 0).OrderBy(key => newestFirst ? -key.First : key.First);
        var made = new List<SummaryBlock>();
        foreach (var leaf in leaves.Take(MostLeaves).ToList())
        {
            var block = have[leaf] = await LeafAsync(of, leaf, cancel);
            made.Add(block);
        }
        foreach (var key in missing.Where(key => key.Level > 0).OrderBy(key => key.Level).ThenBy(key => key.First))
            if (key.Children().All(have.ContainsKey))
            {
                var block = have[key] = BlockMaker.Merge(key, [.. key.Children().Select(child => have[child])]);
                made.Add(block);
            }
        return new BlockCover([.. cover.SelectMany(key => Best(key, have))], [.. made.Take(MostMade)]);
    }

    // From the top down: what is stored is not looked into.
    private async Task<(Dictionary<BlockKey, SummaryBlock> Have, List<BlockKey> Missing)> FindAsync(
        AiProtocol.Context of,
        IReadOnlyList<BlockKey> cover,
        CancellationToken cancel
    )
    {
        var have = new Dictionary<BlockKey, SummaryBlock>();
        var missing = new List<BlockKey>();
        for (var level = cover.Max(key => key.Level); level >= 0; level--)
        {
            var wanted = cover
                .Where(key => key.Level == level)
                .Concat(missing.Where(key => key.Level == level + 1).SelectMany(key => key.Children()))
                .ToList();
            foreach (var some in wanted.Chunk(500))
            foreach (
                var block in await reader.BlocksAsync(
                    of.Chat,
                    level,
                    [.. some.Select(k => k.First)],
                    of.Version,
                    cancel
                )
            )
                have[block.Key] = block;
            missing.AddRange(wanted.Where(key => !have.ContainsKey(key)));
        }
        return (have, missing);
    }

    private async Task<SummaryBlock> LeafAsync(AiProtocol.Context of, BlockKey key, CancellationToken cancel)
    {
        var page = new RestOfPage(key.First, key.Last, BlockGrid.LeafSize, NewestFirst: false, of.Version);
        var messages = await reader.MessagesAsync(of.Chat, page, cancel);
        var (lines, _) = await context.WithNamesAsync([.. messages.Where(m => !m.Deleted)], UserId.Assistant, cancel);
        return BlockMaker.Leaf(key.First, lines);
    }

    private static IEnumerable<SummaryBlock> Best(BlockKey key, Dictionary<BlockKey, SummaryBlock> have) =>
        have.TryGetValue(key, out var block) ? [block] : key.Children().SelectMany(child => Best(child, have));
}
