using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>
/// What a catch-up is made of: the messages before the first whole block, the messages that blocks quote, and those since.
/// So its cost does not grow with the messages, only with their blocks, which all readers share.
/// </summary>
public sealed class CatchUpReader(ContextReader context)
{
    private readonly BlockShelf _shelf = new(context.Reader, context);

    /// <summary>Null where there is no catch-up to make, or none that is long enough for blocks.</summary>
    public async Task<(IReadOnlyList<ChatMessage> Messages, BlockCover Blocks)?> MaterialAsync(
        AiProtocol.Context of,
        CancellationToken cancel
    )
    {
        if (of.Run.Kind != AiRunKind.CatchUp || of.EarlierFrom is not { } from || of.Lines.Count == 0)
            return null;
        // No block begins before what the asker may see.
        var first = BlockGrid.BeginAtOrAfter(from);
        var last = BlockGrid.EndAtOrBefore(of.Lines[0].Seq - 1);
        if (last - first + 1 < BlockGrid.LeafSize)
            return null;
        var cover = await _shelf.CoverAsync(of, first, last, int.MaxValue, cancel);
        var quoted = cover.Blocks.SelectMany(block => block.Cites).ToList();
        List<ChatMessage> messages =
        [
            .. await PageAsync(of, from, first - 1, cancel),
            .. await context.Reader.MessagesAsync(of.Chat, quoted, of.Version, cancel),
            .. await PageAsync(of, last + 1, of.Lines[0].Seq - 1, cancel),
            .. of.Lines,
        ];
        return ([.. messages.Where(m => !m.Deleted)], cover);
    }

    private async Task<IReadOnlyList<ChatMessage>> PageAsync(
        AiProtocol.Context of,
        long from,
        long to,
        CancellationToken cancel
    ) =>
        from > to
            ? []
            : await context.Reader.MessagesAsync(
                of.Chat,
                new RestOfPage(from, to, BlockGrid.LeafSize, NewestFirst: false, of.Version),
                cancel
            );
}
