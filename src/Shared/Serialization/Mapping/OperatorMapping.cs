using ChatAi.Shared.Domain.Operators;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

internal static class OperatorMapping
{
    public static Stored.AiSwitched ToWire(OperatorEvents.AiSwitched e) =>
        new() { Enabled = e.Enabled, At = e.At.ToWire() };

    public static OperatorEvents.AiSwitched ToDomain(Stored.AiSwitched wire) => new(wire.Enabled, wire.At.ToTime());
}
