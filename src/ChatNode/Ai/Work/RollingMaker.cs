using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>
/// The rolling summary: the quotes of the blocks from the chat's first message on, thinned. A function of the blocks, and
/// so of the messages: growing it step by step gives the same text as making it at once. Made of quotes whatever the
/// provider: each part of it still says who said it and where.
/// </summary>
public sealed class RollingMaker(ContextReader context, TimeProvider time)
{
    // About 5,000 messages. What is left is the next run's, which the sweeper asks for.
    private const int MostLeaves = 104;

    private readonly BlockShelf _shelf = new(context.Reader, context);

    /// <summary>Null where it must wait: without an assistant, or where no block is full.</summary>
    public async Task<ChatCommands.CompleteRun?> MakeAsync(
        IAssistant assistant,
        AiProtocol.Context of,
        CancellationToken cancel
    )
    {
        if (assistant is NoAssistant || of.Lines.Count == 0)
            return null;
        var startedAt = time.Now();
        var blocks = await BlocksAsync(of, startedAt, cancel);
        if (blocks.Blocks.Count == 0)
            return null;
        var last = await LastAsync(of, blocks.Blocks[^1].Last, cancel);
        if (last is null)
            return null;
        var fold = RollingDigest.Merge(blocks.Blocks.Select(block => block.Text));
        var text = fold.Text.Length > 0 ? fold.Text : RollingInput.Nothing;
        var provenance = new AiProvenance(
            "extractive",
            "none",
            null,
            RollingInput.Version,
            of.Summary is null ? 0 : of.SummaryVersion,
            1,
            last.Seq,
            0,
            0,
            startedAt,
            null
        )
        {
            Blocks = blocks.Used,
        };
        var hash = BlockMaker.HashOf(blocks.Blocks.Select(block => block.InputHash));
        var range = new ChatCommands.RollingRange(1, last.Seq, last.Id, hash);
        return new ChatCommands.CompleteRun(of.Run.Run, text, fold.Cites, provenance, of.ContextVersion, range)
        {
            Blocks = blocks.Made,
        };
    }

    private async Task<BlockCover> BlocksAsync(AiProtocol.Context of, DateTimeOffset now, CancellationToken cancel)
    {
        var end = RollingInput.EndOf(of.Lines, of.Summary?.LatestSeq ?? 0, now);
        var cover = await _shelf.CoverAsync(of, 1, end, MostLeaves, cancel);
        // Up to the first gap: what could not be made yet is the next run's.
        long next = 1;
        var whole = cover.Blocks.TakeWhile(block =>
        {
            var follows = block.First == next;
            next = block.Last + 1;
            return follows;
        });
        return cover with { Blocks = [.. whole] };
    }

    private async Task<ChatMessage?> LastAsync(AiProtocol.Context of, long seq, CancellationToken cancel)
    {
        var page = new RestOfPage(1, seq, 1, NewestFirst: true, of.Version);
        return await context.Reader.MessagesAsync(of.Chat, page, cancel) is [var last, ..] ? last : null;
    }
}
