namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>
/// Every message that may cross nodes. The rules of change are in docs/cluster-wire.md: nodes of two versions run side
/// by side during an upgrade, so fields are only added and a new message is read a version before it is written.
/// </summary>
public static class ClusterTypes
{
    public static readonly IReadOnlyList<ClusterType> All =
    [
        .. ChatMessages.Types,
        .. UserMessages.Types,
        .. PhoneMessages.Types,
        .. RunMessages.Types,
        .. DeliveryMessages.Types,
        .. OperatorMessages.Types,
    ];
}
