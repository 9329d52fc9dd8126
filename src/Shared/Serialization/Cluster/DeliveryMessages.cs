using ChatAi.Shared.Protocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>What a user's entity tells its sessions.</summary>
internal static class DeliveryMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of<Delivery, Wire.Delivery>(
            "delivery",
            Wire.Delivery.Parser,
            DeliveryMapping.ToWire,
            DeliveryMapping.ToDomain
        ),
    ];
}
