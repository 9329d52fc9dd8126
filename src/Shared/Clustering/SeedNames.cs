using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ChatAi.Shared.Clustering;

/// <summary>
/// Seeds by the addresses of a name (<see cref="ClusterSettings.SeedsDns"/>). All nodes sort them in one way, since only
/// the first of its list may found a cluster when it finds none.
/// </summary>
/// <param name="lookup">Addresses of a name now; empty where there is no such name yet.</param>
public sealed partial class SeedNames(
    HostPort name,
    int atLeast,
    Func<string, CancellationToken, Task<IPAddress[]>> lookup,
    TimeProvider time,
    ILogger log
)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So often in turn the answer must be the same: names of things that start together come one by one.</summary>
    public const int SameAnswers = 3;

    /// <summary>Waits until the name has enough addresses and they have stopped to change.</summary>
    public async Task<IReadOnlyList<HostPort>> SettledAsync(CancellationToken cancel)
    {
        IReadOnlyList<HostPort> last = [];
        var same = 0;
        for (var turn = 0; ; turn++)
        {
            var found = await LookUpAsync(cancel);
            same = found.SequenceEqual(last) ? same + 1 : 1;
            last = found;
            if (found.Count >= atLeast && same >= SameAnswers)
                return found;
            if (found.Count < atLeast && turn % 10 == 0)
                Waiting(log, name.Host, found.Count, atLeast);
            await Task.Delay(Pause, time, cancel);
        }
    }

    public async Task<IReadOnlyList<HostPort>> LookUpAsync(CancellationToken cancel) =>
        Sorted(await lookup(name.Host, cancel), name.Port);

    public static IReadOnlyList<HostPort> Sorted(IEnumerable<IPAddress> addresses, int port) =>
        [
            .. addresses
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
                .Distinct()
                .OrderBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal)
                .Select(address => new HostPort(address.ToString(), port)),
        ];

    public static async Task<IPAddress[]> SystemLookupAsync(string host, CancellationToken cancel)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancel);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "The name {Name} of the seeds has {Found} addresses, {Wanted} are needed: waiting"
    )]
    private static partial void Waiting(ILogger log, string name, int found, int wanted);
}
