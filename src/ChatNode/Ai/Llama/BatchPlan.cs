using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>What the engine computes next.</summary>
internal static class BatchPlan
{
    /// <summary>
    /// First one token for every answer that is under way, then pieces of prompts, in the order of class and asking. While
    /// answers are under way prompts advance by at most <paramref name="promptTokens"/>, so that nobody's words stand still
    /// while another's long prompt is read.
    /// </summary>
    public static void Fill(List<BatchToken> batch, IReadOnlyList<Slot> slots, int batchTokens, int promptTokens)
    {
        batch.Clear();
        foreach (var slot in slots)
            if (slot.Ahead == 1 && batch.Count < batchTokens)
                Add(batch, slot, 1);
        var room = batch.Count > 0 ? Math.Min(promptTokens, batchTokens - batch.Count) : batchTokens;
        foreach (
            var slot in slots.Where(s => s.Ahead > 1).OrderBy(s => s.Generation!.Class).ThenBy(s => s.Generation!.Order)
        )
        {
            var count = Math.Min(slot.Ahead, room);
            Add(batch, slot, count);
            room -= count;
        }
    }

    private static void Add(List<BatchToken> batch, Slot slot, int count)
    {
        var tokens = slot.Generation!.Tokens;
        for (var i = 0; i < count; i++)
        {
            var at = slot.Tokens.Count + i;
            batch.Add(new BatchToken(tokens[at], at, slot.Sequence, at == tokens.Count - 1));
        }
    }
}
