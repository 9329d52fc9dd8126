using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Strikes;

/// <summary>What a strike has to work with.</summary>
/// <param name="Pick">Chooses the victim.</param>
/// <param name="ChatsAnswerAsync">Measures from its call until every chat has answered something sent after it.</param>
public sealed record StrikeContext(ChatCluster Cluster, int Pick, TimeSpan Hold, Func<Task> ChatsAnswerAsync)
{
    public T Picked<T>(IReadOnlyList<T> from) => from[Pick % from.Count];
}

/// <summary>One kind of fault, from its stroke until everything runs again.</summary>
/// <param name="Name">As in plans and tables.</param>
/// <param name="Victims">Whom it hits; clients that measure stay away from them. None: everybody.</param>
/// <param name="WhyNot">Why it cannot be played on a cluster, or null.</param>
public sealed record Strike(
    string Name,
    Func<StrikeContext, IReadOnlyList<ClusterProcess>> Victims,
    Func<StrikeContext, IReadOnlyList<ClusterProcess>, Task> RunAsync,
    Func<ChatCluster, string?> WhyNot
)
{
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a process that was cut off has ended itself or serves again; starts one that has ended.</summary>
    public static async Task BackAsync(ClusterProcess process)
    {
        using var late = new CancellationTokenSource(ComesBackWithin);
        // Right after its return it may still believe to be a member: what it is in the end shows only after a while.
        await Task.Delay(TimeSpan.FromSeconds(5), late.Token);
        while (process.IsRunning && !await process.IsReadyAsync())
            await Task.Delay(100, late.Token);
        if (!process.IsRunning)
            await process.RestartAsync();
    }
}
