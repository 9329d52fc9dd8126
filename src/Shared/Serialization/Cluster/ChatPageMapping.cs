using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.ChatProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>Pages of messages and of events, and the questions for them.</summary>
internal static class ChatPageMapping
{
    public static Wire.GetHistory ToWire(GetHistory m)
    {
        var wire = new Wire.GetHistory
        {
            Chat = m.Chat.ToWire(),
            By = m.By.ToWire(),
            Limit = m.Limit,
            Correlation = m.Correlation,
        };
        if (m.Before is { } before)
            wire.Before = before;
        if (m.After is { } after)
            wire.After = after;
        return wire;
    }

    public static GetHistory ToDomain(Wire.GetHistory wire) =>
        new(
            wire.Chat.ToChatId(),
            wire.By.ToUserId(),
            wire.HasBefore ? wire.Before : null,
            wire.HasAfter ? wire.After : null,
            wire.Limit,
            wire.Correlation
        );

    public static Wire.HistoryPage ToWire(HistoryPage m)
    {
        var wire = new Wire.HistoryPage
        {
            Correlation = m.Correlation,
            Rest = m.Rest?.ToWire(),
            HasMore = m.HasMore,
            VisibleFrom = m.VisibleFrom,
        };
        foreach (var message in m.Messages)
            wire.Messages.Add(ChatSnapshotMessageMapping.ToWire(message));
        return wire;
    }

    public static HistoryPage ToDomain(Wire.HistoryPage wire) =>
        new(
            wire.Correlation,
            [.. wire.Messages.Select(ChatSnapshotMessageMapping.ToDomain)],
            wire.Rest?.ToDomain(),
            wire.HasMore
        )
        {
            VisibleFrom = wire.VisibleFrom,
        };

    public static Wire.GetEvents ToWire(GetEvents m) =>
        new()
        {
            Chat = m.Chat.ToWire(),
            By = m.By.ToWire(),
            After = m.After,
            Limit = m.Limit,
            ForResume = m.ForResume,
            Correlation = m.Correlation,
        };

    public static GetEvents ToDomain(Wire.GetEvents wire) =>
        new(wire.Chat.ToChatId(), wire.By.ToUserId(), wire.After, wire.Limit, wire.ForResume, wire.Correlation);

    public static Wire.EventsPage ToWire(EventsPage m)
    {
        var wire = new Wire.EventsPage
        {
            Correlation = m.Correlation,
            Chat = m.Chat.ToWire(),
            Head = m.Head,
            Rest = m.Rest?.ToWire(),
            VisibleFrom = m.VisibleFrom,
        };
        foreach (var numbered in m.Events)
            wire.Events.Add(NumberedEventMapping.ToWire(numbered));
        return wire;
    }

    public static EventsPage ToDomain(Wire.EventsPage wire) =>
        new(
            wire.Correlation,
            wire.Chat.ToChatId(),
            [.. wire.Events.Select(NumberedEventMapping.ToDomain)],
            wire.Head,
            wire.Rest?.ToDomain()
        )
        {
            VisibleFrom = wire.VisibleFrom,
        };
}
