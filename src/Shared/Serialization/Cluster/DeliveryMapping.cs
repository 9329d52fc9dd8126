using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using Kind = ChatAi.Shared.Proto.Cluster.V1.Delivery.NoticeOneofCase;
using Types = ChatAi.Shared.Proto.Cluster.V1.Delivery.Types;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>Notices on their way to a user's sessions. The frame that a node encodes stays on that node.</summary>
internal static class DeliveryMapping
{
    public static Wire.Delivery ToWire(Delivery d)
    {
        var wire = new Wire.Delivery { Touches = d.Touches?.ToWire() };
        if (d.Trace is not null)
            wire.Trace = d.Trace;
        switch (d.Notice)
        {
            case Notices.Durable n:
                wire.Durable = new() { Chat = n.Chat.ToWire(), Event = NumberedEventMapping.ToWire(n.Event) };
                break;
            case Notices.Receipt n:
                wire.Receipt = new()
                {
                    Chat = n.Chat.ToWire(),
                    User = n.User.ToWire(),
                    Recv = n.Recv,
                    Read = n.Read,
                };
                break;
            case Notices.Typing n:
                wire.Typing = new()
                {
                    Chat = n.Chat.ToWire(),
                    User = n.User.ToWire(),
                    On = n.On,
                };
                break;
            case Notices.Presence n:
                wire.Presence = new() { User = n.User.ToWire(), Online = n.Online };
                if (n.LastActiveAt is { } active)
                    wire.Presence.LastActiveAt = active.ToWire();
                break;
            case Notices.ChatTouched n:
                wire.ChatTouched = n.Chat.ToWire();
                break;
            case Notices.Blocked n:
                wire.Blocked = new() { User = n.User.ToWire(), On = n.On };
                break;
            case Notices.AiStarted n:
                wire.AiStarted = new()
                {
                    Chat = n.Chat.ToWire(),
                    Run = n.Run.ToWire(),
                    By = n.By.ToWire(),
                    Kind = n.Kind.ToWire(),
                };
                break;
            case Notices.AiDelta n:
                wire.AiDelta = new()
                {
                    Chat = n.Chat.ToWire(),
                    Run = n.Run.ToWire(),
                    Off = n.Off,
                    Text = n.Text,
                };
                break;
            case Notices.AiEnded n:
                wire.AiEnded = ToWire(n);
                break;
            default:
                throw ClusterValues.Unknown($"notice {d.Notice.GetType().Name}");
        }
        return wire;
    }

    public static Delivery ToDomain(Wire.Delivery wire) =>
        new(NoticeOf(wire), wire.Touches?.ToDomain()) { Trace = wire.HasTrace ? wire.Trace : null };

    private static INotice NoticeOf(Wire.Delivery wire) =>
        wire.NoticeCase switch
        {
            Kind.Durable => new Notices.Durable(
                wire.Durable.Chat.ToChatId(),
                NumberedEventMapping.ToDomain(wire.Durable.Event.Required())
            ),
            Kind.Receipt => new Notices.Receipt(
                wire.Receipt.Chat.ToChatId(),
                wire.Receipt.User.ToUserId(),
                wire.Receipt.Recv,
                wire.Receipt.Read
            ),
            Kind.Typing => new Notices.Typing(wire.Typing.Chat.ToChatId(), wire.Typing.User.ToUserId(), wire.Typing.On),
            Kind.Presence => new Notices.Presence(
                wire.Presence.User.ToUserId(),
                wire.Presence.Online,
                wire.Presence.HasLastActiveAt ? wire.Presence.LastActiveAt.ToTime() : null
            ),
            Kind.ChatTouched => new Notices.ChatTouched(wire.ChatTouched.ToChatId()),
            Kind.Blocked => new Notices.Blocked(wire.Blocked.User.ToUserId(), wire.Blocked.On),
            Kind.AiStarted => new Notices.AiStarted(
                wire.AiStarted.Chat.ToChatId(),
                wire.AiStarted.Run.ToRunId(),
                wire.AiStarted.By.ToUserId(),
                wire.AiStarted.Kind.ToDomain()
            ),
            Kind.AiDelta => new Notices.AiDelta(
                wire.AiDelta.Chat.ToChatId(),
                wire.AiDelta.Run.ToRunId(),
                wire.AiDelta.Off,
                wire.AiDelta.Text
            ),
            Kind.AiEnded => ToDomain(wire.AiEnded),
            _ => throw ClusterValues.Unknown("notice"),
        };

    private static Types.AiEnded ToWire(Notices.AiEnded n)
    {
        var wire = new Types.AiEnded
        {
            Chat = n.Chat.ToWire(),
            Run = n.Run.ToWire(),
            Status = n.Status.ToWire(),
            Reason = n.Reason?.ToWire(),
        };
        if (n.Text is not null)
            wire.Text = n.Text;
        wire.Cites.AddRange(n.Cites);
        return wire;
    }

    private static Notices.AiEnded ToDomain(Types.AiEnded wire) =>
        new(
            wire.Chat.ToChatId(),
            wire.Run.ToRunId(),
            wire.Status.ToDomain(),
            wire.HasText ? wire.Text : null,
            wire.Cites.ToList(),
            wire.Reason?.ToDomain()
        );
}
