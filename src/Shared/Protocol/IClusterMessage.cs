namespace ChatAi.Shared.Protocol;

/// <summary>
/// May be told to an actor on another node: bound to the cluster serializer in akka.hocon, with a manifest in its table
/// (docs/cluster-wire.md). What has neither is refused by both ends.
/// </summary>
public interface IClusterMessage;
