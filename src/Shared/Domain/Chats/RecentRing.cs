namespace ChatAi.Shared.Domain.Chats;

/// <summary>
/// The newest items of a chat by rising number, bounded in count and in characters, so that an entity's memory does
/// not depend on the length of its chat. Dropping happens at the old end only.
/// </summary>
/// <param name="maxItems">At most this many items are kept.</param>
/// <param name="maxChars">And at most this many characters in all, but always the newest item.</param>
public sealed class RecentRing<T>(int maxItems, int maxChars, Func<T, long> seqOf, Func<T, int> charsOf)
{
    private T[] _items = [];
    private int _start;
    private int _chars;

    public int Count { get; private set; }

    /// <summary>Number of the oldest item kept; <see cref="long.MaxValue"/> when empty.</summary>
    public long FirstSeq => Count == 0 ? long.MaxValue : seqOf(this[0]);

    public T this[int index] => _items[(_start + index) % _items.Length];

    /// <summary>Adds the newest item and returns those that had to go.</summary>
    public IReadOnlyList<T> Add(T item)
    {
        List<T>? dropped = null;
        var chars = charsOf(item);
        while (Count > 0 && (Count >= maxItems || _chars + chars > maxChars))
            (dropped ??= []).Add(RemoveOldest());
        if (Count == _items.Length)
            Grow();
        _items[(_start + Count) % _items.Length] = item;
        Count++;
        _chars += chars;
        return dropped ?? (IReadOnlyList<T>)[];
    }

    /// <summary>The index of the item with this number, or the complement of where it would stand.</summary>
    public int IndexOf(long seq)
    {
        int low = 0,
            high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = seqOf(this[middle]);
            if (found == seq)
                return middle;
            if (found < seq)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    public T? Find(long seq)
    {
        var index = IndexOf(seq);
        return index < 0 ? default : this[index];
    }

    /// <summary>Changes an item in place; its number stays. Returns those that had to go because it grew.</summary>
    public IReadOnlyList<T> Replace(int index, T item)
    {
        _chars += charsOf(item) - charsOf(this[index]);
        _items[(_start + index) % _items.Length] = item;
        List<T>? dropped = null;
        while (Count > 1 && _chars > maxChars)
            (dropped ??= []).Add(RemoveOldest());
        return dropped ?? (IReadOnlyList<T>)[];
    }

    /// <summary>The items with numbers in [from, to], oldest first, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<T> Range(long from, long to, int limit = int.MaxValue)
    {
        var result = new List<T>();
        var index = IndexOf(from);
        for (var i = index < 0 ? ~index : index; i < Count && result.Count < limit && seqOf(this[i]) <= to; i++)
            result.Add(this[i]);
        return result;
    }

    private T RemoveOldest()
    {
        var oldest = _items[_start];
        _items[_start] = default!;
        _start = (_start + 1) % _items.Length;
        Count--;
        _chars -= charsOf(oldest);
        return oldest;
    }

    private void Grow()
    {
        var larger = new T[Math.Max(4, Math.Min(maxItems, _items.Length * 2))];
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        _items = larger;
        _start = 0;
    }
}
