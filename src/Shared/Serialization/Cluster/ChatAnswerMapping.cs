using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.ChatProtocol;
using Kind = ChatAi.Shared.Proto.Cluster.V1.ExecutedInChat.AnswerOneofCase;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>What a command answers.</summary>
internal static class ChatAnswerMapping
{
    public static Wire.ExecutedInChat ToWire(Executed m)
    {
        var wire = new Wire.ExecutedInChat
        {
            Chat = m.Chat.ToWire(),
            Correlation = m.Correlation,
            View = m.View is null ? null : ChatViewMapping.ToWire(m.View),
        };
        switch (m.Answer)
        {
            case ChatAnswer.Done:
                wire.Done = ClusterValues.Empty;
                break;
            case ChatAnswer.Chat:
                wire.AsChat = ClusterValues.Empty;
                break;
            case ChatAnswer.Sent sent:
                wire.Sent = new()
                {
                    Seq = sent.Seq,
                    Id = sent.Id.ToWire(),
                    At = sent.At.ToWire(),
                    Duplicate = sent.Duplicate,
                };
                break;
            case ChatAnswer.Numbered numbered:
                wire.Numbered = numbered.Seq;
                break;
            case ChatAnswer.RunStarted started:
                wire.RunStarted = started.Run.ToWire();
                break;
            case ChatAnswer.RunAgain again:
                wire.RunAgain = again.Run.ToWire();
                break;
            default:
                throw ClusterValues.Unknown($"answer {m.Answer.GetType().Name}");
        }
        return wire;
    }

    public static Executed ToDomain(Wire.ExecutedInChat wire) =>
        new(
            wire.Chat.ToChatId(),
            wire.Correlation,
            AnswerOf(wire),
            wire.View is null ? null : ChatViewMapping.ToDomain(wire.View)
        );

    private static ChatAnswer AnswerOf(Wire.ExecutedInChat wire) =>
        wire.AnswerCase switch
        {
            Kind.Done => ChatAnswer.Done.Instance,
            Kind.AsChat => ChatAnswer.Chat.Instance,
            Kind.Sent => new ChatAnswer.Sent(
                wire.Sent.Seq,
                wire.Sent.Id.ToMessageId(),
                wire.Sent.At.ToTime(),
                wire.Sent.Duplicate
            ),
            Kind.Numbered => new ChatAnswer.Numbered(wire.Numbered),
            Kind.RunStarted => new ChatAnswer.RunStarted(wire.RunStarted.ToRunId()),
            Kind.RunAgain => new ChatAnswer.RunAgain(wire.RunAgain.ToRunId()),
            _ => throw ClusterValues.Unknown("answer of a chat"),
        };
}
