using System.Collections.Concurrent;

namespace ChatAi.Client.Delivery;

/// <summary>
/// How far each chat was handed out. An event that is not the next one is not kept but asked for again by
/// <c>sync.get</c>, so memory does not grow with what comes too early. Pure bookkeeping.
/// </summary>
internal sealed class Timeline
{
    private readonly ConcurrentDictionary<Guid, Place> _places = [];

    public IReadOnlyList<Guid> Behind =>
        [.. _places.Where(place => place.Value.Head > place.Value.At).Select(place => place.Key)];

    public IReadOnlyList<KeyValuePair<Guid, long>> Places =>
        [.. _places.Select(place => KeyValuePair.Create(place.Key, place.Value.At))];

    public long? At(Guid chat) => _places.TryGetValue(chat, out var place) ? place.At : null;

    public bool IsBehind(Guid chat) => _places.TryGetValue(chat, out var place) && place.Head > place.At;

    /// <summary>Begins to follow a chat; one that is followed keeps its place. True when it is new.</summary>
    public bool Follow(Guid chat, long after) => _places.TryAdd(chat, new Place(after, after));

    /// <summary>The server has events up to here.</summary>
    public void Learn(Guid chat, long head)
    {
        if (_places.TryGetValue(chat, out var place))
        {
            _places[chat] = place with { Head = Math.Max(place.Head, head) };
        }
    }

    /// <summary>True when a live event is the next one; else it is known already, or there is a gap before it.</summary>
    public bool Offer(ChatEvent live)
    {
        Learn(live.Chat, live.Seq);
        return At(live.Chat) + 1 == live.Seq && MoveTo(live.Chat, live.Seq);
    }

    /// <summary>The same for an event of a page, which is the truth even where numbers are missing: a newcomer is not
    /// shown what was before them.</summary>
    public bool Accept(ChatEvent paged) => At(paged.Chat) < paged.Seq && MoveTo(paged.Chat, paged.Seq);

    /// <summary>Everything up to <paramref name="head"/> is here, or will not come.</summary>
    public void Close(Guid chat, long head)
    {
        if (At(chat) < head)
        {
            MoveTo(chat, head);
        }
    }

    public void Forget(Guid chat) => _places.TryRemove(chat, out _);

    public void Clear() => _places.Clear();

    private bool MoveTo(Guid chat, long seq)
    {
        _places[chat] = new Place(seq, Math.Max(seq, _places[chat].Head));
        return true;
    }

    private sealed record Place(long At, long Head);
}
