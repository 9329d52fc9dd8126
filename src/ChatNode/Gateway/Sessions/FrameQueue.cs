using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>A queue of frames that knows its bytes and how to become shorter. An empty one holds no memory to speak of.</summary>
public sealed class FrameQueue
{
    private const int KeptCapacity = 64;

    private OutFrame[] _frames = [];
    private int _start;

    public int Count { get; private set; }
    public long Bytes { get; private set; }

    private ref OutFrame At(int index) => ref _frames[(_start + index) % _frames.Length];

    public OutFrame? First => Count == 0 ? null : At(0);

    public void Enqueue(in OutFrame frame)
    {
        if (Count == _frames.Length)
            Resize(Math.Max(4, Count * 2));
        Count++;
        At(Count - 1) = frame;
        Bytes += frame.Bytes.Length;
    }

    public bool TryDequeue(out OutFrame frame)
    {
        if (Count == 0)
        {
            frame = default;
            return false;
        }
        frame = At(0);
        At(0) = default;
        _start = (_start + 1) % _frames.Length;
        Count--;
        Bytes -= frame.Bytes.Length;
        if (Count == 0 && _frames.Length > KeptCapacity)
            Clear();
        return true;
    }

    /// <summary>Puts these in front and drops the durable events behind them that they include.</summary>
    public void PutFirst(IReadOnlyList<OutFrame> first)
    {
        var heads = new Dictionary<ChatId, long>();
        foreach (var frame in first)
            if (frame.Kind == OutFrameKind.Durable)
                heads[frame.Chat] = frame.Seq;
        var later = All().Where(f => f.Kind != OutFrameKind.Durable || f.Seq > heads.GetValueOrDefault(f.Chat));
        Replace([.. first, .. later]);
    }

    public void Clear() => Replace([]);

    /// <summary>Takes out what may be lost, and all but the newest receipt of each user in each chat.</summary>
    public void DropPassing()
    {
        var newest = new HashSet<(ChatId, UserId)>();
        var kept = new List<OutFrame>(Count);
        for (var i = Count - 1; i >= 0; i--)
        {
            ref var frame = ref At(i);
            if (frame.Kind == OutFrameKind.Passing)
                continue;
            if (frame.Kind != OutFrameKind.Receipt || newest.Add((frame.Chat, frame.User)))
                kept.Add(frame);
        }
        kept.Reverse();
        Replace(kept);
    }

    /// <summary>One inbox for the durable events of each chat, at the place of the first; receipts go. Which chats that were.</summary>
    public IReadOnlyList<ChatId> Collapse()
    {
        var heads = new Dictionary<ChatId, int>();
        var kept = new List<OutFrame>();
        for (var i = 0; i < Count; i++)
        {
            ref var frame = ref At(i);
            if (frame.Kind == OutFrameKind.Receipt)
                continue;
            if (frame.Kind is not (OutFrameKind.Durable or OutFrameKind.Inbox))
                kept.Add(frame);
            else if (heads.TryGetValue(frame.Chat, out var at))
                kept[at] = kept[at] with { Seq = Math.Max(kept[at].Seq, frame.Seq) };
            else
            {
                heads[frame.Chat] = kept.Count;
                kept.Add(new OutFrame(OutFrameKind.Inbox, [], frame.Chat, frame.Seq));
            }
        }
        Replace(kept);
        return [.. heads.Keys];
    }

    /// <summary>Another event of a chat whose inbox waits.</summary>
    public void RaiseInbox(ChatId chat, long seq)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var frame = ref At(i);
            if (frame.Kind != OutFrameKind.Inbox || frame.Chat != chat)
                continue;
            frame = frame with { Seq = Math.Max(frame.Seq, seq) };
            return;
        }
    }

    private IEnumerable<OutFrame> All()
    {
        for (var i = 0; i < Count; i++)
            yield return At(i);
    }

    private void Replace(List<OutFrame> frames)
    {
        _frames = [.. frames];
        _start = 0;
        Count = frames.Count;
        Bytes = 0;
        foreach (var frame in frames)
            Bytes += frame.Bytes.Length;
    }

    private void Resize(int capacity)
    {
        var larger = new OutFrame[capacity];
        for (var i = 0; i < Count; i++)
            larger[i] = At(i);
        _frames = larger;
        _start = 0;
    }
}
