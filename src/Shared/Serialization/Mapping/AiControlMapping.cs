using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using Types = ChatAi.Shared.Proto.Journal.V1.ChatSnapshot.Types;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>A chat's bounds for the assistant, within a snapshot.</summary>
internal static class AiControlMapping
{
    /// <summary>Null where there is nothing but defaults: snapshots of before read the same.</summary>
    public static Types.Control? ToWire(AiControl c)
    {
        var wire = new Types.Control
        {
            Summon = c.Summon.ToWire(),
            Unasked = c.Unasked,
            Streak = c.Loop.Streak,
        };
        if (c.UnaskedAt is { } at)
            wire.UnaskedAt = at;
        foreach (var minute in c.Asked)
            wire.Asked.Add(new Types.MinuteCount { Minute = minute.Minute, Count = minute.Count });
        foreach (var mutation in c.Mutations)
            wire.Mutations.Add(new Types.Mutation { Number = mutation.Number, Target = mutation.Target });
        return wire.CalculateSize() == 0 ? null : wire;
    }

    public static AiControl ToDomain(Types.Control? wire) =>
        wire is null
            ? AiControl.None
            : new AiControl
            {
                Summon = wire.Summon.ToDomain(),
                Unasked = wire.Unasked,
                Loop = new LoopGuard(wire.Streak),
                UnaskedAt = wire.HasUnaskedAt ? wire.UnaskedAt : null,
                Asked = [.. wire.Asked.Select(m => new MinuteCount(m.Minute, m.Count))],
                Mutations = [.. wire.Mutations.Select(m => new Mutation(m.Number, m.Target))],
            };
}
