namespace ChatAi.Bench.Delivery;

/// <summary>
/// What one recipient has of its peer's messages in one run: holds back what comes after a hole until the hole is
/// filled, and finds messages that overtook each other. Pure; called by one receive loop.
/// </summary>
public sealed class PeerStream(RunLedger ledger, int peer)
{
    private readonly SortedDictionary<int, long> _held = [];
    private int _next;
    private int _highest = -1;

    /// <summary>The number within the chat of the last message taken in order: where <c>sync.get</c> asks from.</summary>
    public long LastSeq { get; private set; }

    public RunLedger Ledger { get; } = ledger;

    /// <summary>Takes a message off the wire. True where it leaves a hole, and the caller must ask for what is missing.</summary>
    public bool Take(int number, long seq)
    {
        while (_next < number && Ledger.WasRefused(peer, _next))
        {
            _next++;
        }

        if (number > _next)
        {
            _highest = Math.Max(_highest, number);
            return _held.TryAdd(number, seq) && _held.Count == 1;
        }

        if (number == _next)
        {
            if (number < _highest)
            {
                Ledger.Reorder();
            }

            Accept(number, seq);
            Release();
        }
        else if (Ledger.Delivered(peer, number, seq))
        {
            Ledger.Reorder();
        }

        return false;
    }

    /// <summary>Takes a message out of the answer to <c>sync.get</c>, which is in order by itself.</summary>
    public void TakeMissed(int number, long seq)
    {
        if (number >= _next)
        {
            _held.Remove(number);
            Accept(number, seq);
        }
    }

    /// <summary>What is still missing will not come: shows the rest. The ledger will count the loss.</summary>
    public void GiveUpHoles()
    {
        foreach (var (number, seq) in _held)
        {
            Accept(number, seq);
        }

        _held.Clear();
    }

    private void Release()
    {
        while (_held.Remove(_next, out var seq))
        {
            Accept(_next, seq);
        }
    }

    private void Accept(int number, long seq)
    {
        Ledger.Delivered(peer, number, seq);
        _next = number + 1;
        _highest = Math.Max(_highest, number);
        LastSeq = Math.Max(LastSeq, seq);
    }
}
