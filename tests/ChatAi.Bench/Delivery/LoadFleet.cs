namespace ChatAi.Bench.Delivery;

/// <param name="User">The user's id.</param>
/// <param name="Token">What <c>hello</c> takes.</param>
public sealed record Login(Guid User, string Token);

/// <summary>All the users of a load, connected, in pairs that talk to each other.</summary>
public sealed class LoadFleet : IAsyncDisposable
{
    private readonly LoadSocket[] _sockets;

    private LoadFleet(LoadSocket[] sockets) => _sockets = sockets;

    public int Users => _sockets.Length;

    public static Task<LoadFleet> ConnectAsync(Uri server, IReadOnlyList<Login> logins) =>
        ConnectAsync(_ => server, logins);

    /// <param name="serverOf">Where each user connects, by index; users 2n and 2n + 1 are a pair.</param>
    public static async Task<LoadFleet> ConnectAsync(Func<int, Uri> serverOf, IReadOnlyList<Login> logins)
    {
        var sockets = new LoadSocket[logins.Count];
        // Pair by pair: the second of a pair finds the chat the first one made.
        await Parallel.ForAsync(
            0,
            logins.Count / 2,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (pair, _) =>
            {
                var (one, two) = (pair * 2, (pair * 2) + 1);
                sockets[one] = await LoadSocket.ConnectAsync(serverOf(one), one, logins[one], logins[two].User);
                sockets[two] = await LoadSocket.ConnectAsync(serverOf(two), two, logins[two], logins[one].User);
            }
        );
        return new LoadFleet(sockets);
    }

    public void Begin(RunLedger ledger, PoissonSchedule schedule)
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i].Begin(ledger, schedule.PerSender[i]);
        }
    }

    public void Send(Arrival arrival, int textSize, long intended) =>
        _sockets[arrival.Sender].Send(arrival.Number, textSize, intended);

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            await socket.DisposeAsync();
        }
    }
}
