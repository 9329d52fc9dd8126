namespace ChatAi.Shared.Domain.Operators;

/// <summary>Something that operators decided for the whole cluster.</summary>
public interface IOperatorEvent
{
    DateTimeOffset At { get; }
}

public static class OperatorEvents
{
    /// <summary>The assistant may or may not be used, in every chat.</summary>
    public sealed record AiSwitched(bool Enabled, DateTimeOffset At) : IOperatorEvent;
}
