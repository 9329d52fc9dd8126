using System.Runtime.InteropServices;
using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>One sequence of the engine's cache.</summary>
internal sealed class Slot(int sequence)
{
    public int Sequence => sequence;

    /// <summary>What the cache holds, token by token.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>The chat it belongs to.</summary>
    public string? Key { get; set; }
    public RunningGeneration? Generation { get; set; }
    public long Used { get; set; }

    /// <summary>Words in it were deleted while it worked: it is emptied when it is through.</summary>
    public bool ForgetAfter { get; set; }
    public bool IsIdle => Generation is null;

    /// <summary>Tokens that are still to be computed before the next one can be chosen.</summary>
    public int Ahead => Generation is { } g ? g.Tokens.Count - Tokens.Count : 0;
}

/// <summary>
/// Which slot a request gets: its chat's own, else the chat's saved state in the longest unused slot, else that slot with
/// the longest beginning that another slot shares (the instructions are the same for all chats). What a slot held for
/// another chat is saved first. For one thread.
/// </summary>
internal sealed class Slots(IInferenceEngine engine, PrefixStore store)
{
    /// <summary>Shorter ones are computed as fast as they are copied.</summary>
    private const int WorthKeeping = 48;

    private long _used;

    public IReadOnlyList<Slot> All { get; } = [.. Enumerable.Range(0, engine.Model.Sequences).Select(i => new Slot(i))];

    public bool HasIdle => All.Any(s => s.IsIdle);

    /// <summary>Gives the request a slot that holds as much of its prompt as can be had; there must be an idle one.</summary>
    public void Assign(RunningGeneration generation)
    {
        var prompt = generation.Prompt;
        var slot =
            All.Where(s => s.IsIdle && s.Key == generation.Key).MaxBy(s => Common(s.Tokens, prompt))
            ?? All.Where(s => s.IsIdle).MinBy(s => s.Key is null ? -1 : s.Used)!;
        try
        {
            Fill(slot, generation);
        }
        catch
        {
            // Half of a copy or of a state may be in the cache: whose words these are, nobody would know.
            slot.Tokens.Clear();
            Empty(slot);
            throw;
        }
        slot.Generation = generation;
        slot.Used = ++_used;
        generation.CachedTokens = slot.Tokens.Count;
    }

    public void Free(Slot slot)
    {
        slot.Generation = null;
        slot.Used = ++_used;
        if (slot.ForgetAfter)
            Empty(slot);
    }

    /// <summary>Nothing computed from this chat's words stays.</summary>
    public void Forget(string key)
    {
        store.Remove(key);
        foreach (var slot in All.Where(s => s.Key == key))
            if (slot.IsIdle)
                Empty(slot);
            else
                slot.ForgetAfter = true;
    }

    /// <summary>Frees the cache of the longest unused idle slot; false where there is none.</summary>
    public bool EvictOne()
    {
        var slot = All.Where(s => s.IsIdle && s.Tokens.Count > 0).MinBy(s => s.Used);
        if (slot is null)
            return false;
        Evict(slot);
        return true;
    }

    /// <summary>Makes the cache hold the slot's first tokens and no more; all of it goes where the model cannot cut.</summary>
    public void Cut(Slot slot, int count)
    {
        if (!engine.Truncate(slot.Sequence, count))
        {
            engine.Truncate(slot.Sequence, 0);
            count = 0;
        }
        slot.Tokens.RemoveRange(count, slot.Tokens.Count - count);
    }

    private void Fill(Slot slot, RunningGeneration generation)
    {
        var prompt = generation.Prompt;
        var own = slot.Key == generation.Key;
        var held = own ? Common(slot.Tokens, prompt) : 0;
        var saved = CommonOf(store.TokensOf(generation.Key), prompt);
        var shared = All.Where(s => s != slot && !s.ForgetAfter)
            .Select(s => (Slot: s, Count: Common(s.Tokens, prompt)))
            .DefaultIfEmpty()
            .MaxBy(s => s.Count);
        if (!own && slot.Key is not null)
            Evict(slot);
        if (saved >= held + WorthKeeping && saved >= shared.Count)
            Restore(slot, generation.Key);
        else if (shared.Count >= held + WorthKeeping)
            Copy(shared.Slot, slot, shared.Count);
        slot.Key = generation.Key;
        // The last token of the prompt is always computed: the next one is chosen from what it gives.
        Cut(slot, Math.Min(Common(slot.Tokens, prompt), prompt.Length - 1));
    }

    private void Evict(Slot slot)
    {
        if (slot.Tokens.Count >= WorthKeeping && slot.Key is { } key)
            store.Put(key, [.. slot.Tokens], engine.Save(slot.Sequence));
        Empty(slot);
    }

    private void Empty(Slot slot)
    {
        slot.Key = null;
        slot.ForgetAfter = false;
        Cut(slot, 0);
    }

    private void Restore(Slot slot, string key)
    {
        if (store.Take(key) is not { } saved)
            return;
        Cut(slot, 0);
        if (engine.Restore(slot.Sequence, saved.State))
            slot.Tokens.AddRange(saved.Tokens);
    }

    private void Copy(Slot from, Slot to, int count)
    {
        Cut(to, 0);
        engine.CopyPrefix(from.Sequence, to.Sequence, count);
        to.Tokens.AddRange(from.Tokens.Take(count));
    }

    private static int Common(List<int> tokens, int[] prompt) => CommonOf(CollectionsMarshal.AsSpan(tokens), prompt);

    private static int CommonOf(ReadOnlySpan<int> tokens, int[] prompt) => tokens.CommonPrefixLength(prompt);
}
