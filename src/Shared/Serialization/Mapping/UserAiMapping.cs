using ChatAi.Shared.Domain.Users;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>What users had of the assistant.</summary>
internal static class UserAiMapping
{
    public static Stored.AiReserved ToWire(UserEvents.AiReserved e) =>
        new()
        {
            Run = e.Run.ToWire(),
            Chat = e.Chat.ToWire(),
            Tokens = e.Tokens,
            At = e.At.ToWire(),
        };

    public static UserEvents.AiReserved ToDomain(Stored.AiReserved wire) =>
        new(wire.Run.ToRunId(), wire.Chat.ToChatId(), wire.Tokens, wire.At.ToTime());

    public static Stored.AiSettled ToWire(UserEvents.AiSettled e)
    {
        var wire = new Stored.AiSettled { Run = e.Run.ToWire(), At = e.At.ToWire() };
        if (e.Tokens is { } tokens)
            wire.Tokens = tokens;
        return wire;
    }

    public static UserEvents.AiSettled ToDomain(Stored.AiSettled wire) =>
        new(wire.Run.ToRunId(), wire.HasTokens ? wire.Tokens : null, wire.At.ToTime());

    public static Stored.UserSnapshot.Types.AiReservation ToWire(AiReservation r) =>
        new()
        {
            Run = r.Run.ToWire(),
            At = r.At.ToWire(),
            Tokens = r.Tokens,
        };

    public static AiReservation ToDomain(Stored.UserSnapshot.Types.AiReservation wire) =>
        new(wire.Run.ToRunId(), wire.At.ToTime(), wire.Tokens);
}
