namespace ChatAi.Shared.Protocol;

/// <summary>Between the operators' switch of the assistant, one a cluster, and the nodes that heed it.</summary>
public static class AiSwitchProtocol
{
    /// <summary>Node → switch, every second: how does it stand? Answer: <see cref="State"/>, again at every change.</summary>
    public sealed record Follow : IClusterMessage
    {
        public static readonly Follow Instance = new();
    }

    /// <summary>Operator → switch. Answer: <see cref="State"/>.</summary>
    public sealed record Get : IClusterMessage
    {
        public static readonly Get Instance = new();
    }

    /// <summary>Operator → switch. Answer: <see cref="State"/>, once the journal has it.</summary>
    public sealed record Switch(bool Enabled) : IClusterMessage;

    /// <param name="Since">Null where it was never switched.</param>
    public sealed record State(bool Enabled, DateTimeOffset? Since) : IClusterMessage;
}
