using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <param name="Blocks">In order; where more leaves were missing than were to be made, there is a gap.</param>
/// <param name="Made">To be stored: of those that were not, as many as one run hands in, the highest first.</param>
public sealed record BlockCover(IReadOnlyList<SummaryBlock> Blocks, IReadOnlyList<SummaryBlock> Made)
{
    public static readonly BlockCover None = new([], []);

    /// <summary>How many messages the blocks stand for, without those that are given.</summary>
    public int MessagesBeside(IReadOnlyList<ChatMessage> given) =>
        Blocks.Sum(b => b.Messages) - given.Count(m => Blocks.Any(b => m.Seq >= b.First && m.Seq <= b.Last));

    /// <summary>For the provenance of what was made of them.</summary>
    public IReadOnlyList<AiUsedBlock> Used => [.. Blocks.Select(b => new AiUsedBlock(b.Level, b.First, b.Version))];
}

/// <summary>Brings the blocks of a stretch of a chat: stored ones, and what is missing made of messages.</summary>
public sealed class BlockShelf(IChatReader reader, ContextReader context)
{
    /// <summary>Characters of the blocks handed in by one run: what fits into one message between nodes.</summary>
    private const int MostMadeChars = 24_000;

    /// <param name="first">A leaf begins there.</param>
    /// <param name="last">A leaf ends there.</param>
    /// <param name="mostLeaves">Missing leaves that are made, the oldest first; each is 48 messages to read and group.</param>
    public async Task<BlockCover> CoverAsync(
        AiProtocol.Context of,
        long first,
        long last,
        int mostLeaves,
        CancellationToken cancel
    )
    {
        var cover = BlockGrid.Cover(first, last);
        if (cover.Count == 0)
            return BlockCover.None;
        var (have, missing) = await FindAsync(of, cover, cancel);
        var leaves = missing.Where(key => key.Level == 0).OrderBy(key => key.First);
        var made = new List<SummaryBlock>();
        foreach (var leaf in leaves.Take(mostLeaves).ToList())
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
        return new BlockCover([.. cover.SelectMany(key => Best(key, have))], HandIn(made));
    }

    // A block spares the making of all below it, until one of its messages changes.
    private static IReadOnlyList<SummaryBlock> HandIn(List<SummaryBlock> made)
    {
        var left = MostMadeChars;
        return
        [
            .. made.OrderByDescending(block => block.Level)
                .ThenBy(block => block.First)
                .TakeWhile(block => (left -= block.Text.Length) >= 0),
        ];
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
