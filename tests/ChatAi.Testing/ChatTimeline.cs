namespace ChatAi.Testing;

/// <summary>
/// What one client has seen of one chat: its durable events in order, each once. Later ones wait until a gap is filled.
/// </summary>
public sealed class ChatTimeline(Guid chat)
{
    private readonly List<ChatEvent> _events = [];
    private readonly SortedDictionary<long, ChatEvent> _waiting = [];
    private long? _last;
    private long _knownHead;

    public Guid Chat { get; } = chat;

    public IReadOnlyList<ChatEvent> Events => _events;

    public IEnumerable<ChatEvent> Messages => _events.Where(seen => seen.Ev == "message.created");

    /// <summary>The highest number seen without a gap before it; 0 when nothing is known yet.</summary>
    public long LastSeq => _last ?? 0;

    /// <summary>How often a number came that was there already (allowed: delivery is at-least-once).</summary>
    public int Duplicates { get; private set; }

    /// <summary>True while the server is known to have events that this client has not.</summary>
    public bool HasGap => _waiting.Count > 0 || _knownHead > LastSeq;

    /// <summary>Says from where on this client wants to know everything.</summary>
    public void StartAfter(long seq) => _last ??= seq;

    public void Learn(long head) => _knownHead = Math.Max(_knownHead, head);

    /// <summary>Takes a durable event and returns those that may now be shown, in order.</summary>
    public IReadOnlyList<ChatEvent> Offer(ChatEvent durable)
    {
        var seq = durable.Seq!.Value;
        _last ??= seq - 1;
        if (seq <= _last || !_waiting.TryAdd(seq, durable))
        {
            Duplicates++;
            return [];
        }

        var shown = new List<ChatEvent>();
        while (_waiting.Remove(_last.Value + 1, out var next))
        {
            _last++;
            shown.Add(next);
        }

        _events.AddRange(shown);
        return shown;
    }

    /// <summary>
    /// The server's answer to "what comes after <see cref="LastSeq"/>" begins here: a newcomer of a group is shown
    /// nothing older, so the gap before it is no gap.
    /// </summary>
    public void PageBegins(long firstSeq)
    {
        if (_events.Count == 0 && firstSeq > LastSeq)
        {
            _last = firstSeq - 1;
        }
    }
}

/// <summary>What one person's client remembers of all chats, across reconnects.</summary>
public sealed class ChatMemory
{
    private readonly Dictionary<Guid, ChatTimeline> _chats = [];

    public string? Epoch { get; set; }

    public IReadOnlyCollection<ChatTimeline> Chats => _chats.Values;

    public ChatTimeline Chat(Guid chat)
    {
        if (!_chats.TryGetValue(chat, out var timeline))
        {
            _chats[chat] = timeline = new ChatTimeline(chat);
        }

        return timeline;
    }

    /// <summary>The <c>resume</c> of a hello, or null where nothing has been seen yet.</summary>
    public object? Resume() =>
        Epoch is null
            ? null
            : new { epoch = Epoch, chats = _chats.ToDictionary(chat => $"{chat.Key}", chat => chat.Value.LastSeq) };
}
