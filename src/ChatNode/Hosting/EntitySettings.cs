namespace ChatAi.ChatNode.Hosting;

/// <summary>How entities use memory and disk.</summary>
/// <param name="SnapshotEvery">Journal events between two snapshots.</param>
/// <param name="PassivateAfter">An entity that nobody wrote to for so long leaves memory.</param>
/// <param name="MaxInFlight">Journal writes of one chat under way before further commands wait.</param>
/// <param name="MaxWaiting">Commands of one chat that may wait before it answers <c>shard_unavailable</c>.</param>
public sealed record EntitySettings(
    int SnapshotEvery = 500,
    TimeSpan? PassivateAfter = null,
    int MaxInFlight = 256,
    int MaxWaiting = 1_000
)
{
    public TimeSpan Idle => PassivateAfter ?? TimeSpan.FromMinutes(2);
}
