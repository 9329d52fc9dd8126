using System.Collections.Concurrent;
using System.Net;

namespace ChatAi.ChatNode.Gateway;

/// <summary>How many sockets this node has, in all and by the client's address. Thread-safe.</summary>
/// <param name="mostAnAddress">0 for any number.</param>
public sealed class ConnectionCounts(int mostAnAddress)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _total;
    private volatile bool _draining;

    public int Total => Volatile.Read(ref _total);

    public bool IsDraining => _draining;

    /// <summary>False when the address has as many as it may; then there is nothing to leave.</summary>
    public bool TryEnter(IPAddress address)
    {
        if (_byAddress.AddOrUpdate(address, 1, static (_, count) => count + 1) > mostAnAddress && mostAnAddress > 0)
        {
            Take(address);
            return false;
        }
        Interlocked.Increment(ref _total);
        return true;
    }

    public void Leave(IPAddress address)
    {
        Take(address);
        if (Interlocked.Decrement(ref _total) == 0 && _draining)
            _drained.TrySetResult();
    }

    /// <summary>No further sockets; ends when the last has gone.</summary>
    public Task DrainAsync()
    {
        _draining = true;
        if (Total == 0)
            _drained.TrySetResult();
        return _drained.Task;
    }

    /// <summary>Lets sockets in again.</summary>
    public void Undrain()
    {
        _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _draining = false;
    }

    private void Take(IPAddress address)
    {
        if (_byAddress.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
            _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
    }
}
