using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>How far a rolling summary goes.</summary>
public static class RollingInput
{
    public const string Version = "rolling-blocks.v1";

    /// <summary>Where no message may be quoted, as in a chat of questions to the assistant.</summary>
    public const string Nothing = "So far there is nothing to quote.";

    /// <summary>
    /// The end of the last full block. One that is still being talked about waits, unless nothing else is new: a chat that
    /// never rests must have a summary too.
    /// </summary>
    public static long EndOf(IReadOnlyList<ChatMessage> newest, long covered, DateTimeOffset now)
    {
        var settled = newest.LastOrDefault(m => now - m.At >= RollingDigest.Live)?.Seq ?? 0;
        var end = BlockGrid.EndAtOrBefore(settled);
        return end > covered ? end : BlockGrid.EndAtOrBefore(newest[^1].Seq);
    }
}
