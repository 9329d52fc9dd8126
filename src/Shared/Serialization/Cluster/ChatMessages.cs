using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.ChatProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="ChatProtocol"/>.</summary>
internal static class ChatMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of<Execute, Wire.ExecuteInChat>(
            "chat.execute",
            Wire.ExecuteInChat.Parser,
            ChatCommandWriting.ToWire,
            ChatCommandReading.ToDomain
        ),
        ClusterType.Of<Executed, Wire.ExecutedInChat>(
            "chat.executed",
            Wire.ExecutedInChat.Parser,
            ChatAnswerMapping.ToWire,
            ChatAnswerMapping.ToDomain
        ),
        ClusterType.Of<Refused, Wire.RefusedInChat>(
            "chat.refused",
            Wire.RefusedInChat.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Correlation = m.Correlation,
                    Rejection = m.Rejection.ToWire(),
                },
            w => new(w.Chat.ToChatId(), w.Correlation, w.Rejection.ToDomain())
        ),
        ClusterType.Of<GetChat, Wire.GetChat>(
            "chat.get",
            Wire.GetChat.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    By = m.By.ToWire(),
                    WithMembers = m.WithMembers,
                    Correlation = m.Correlation,
                },
            w => new(w.Chat.ToChatId(), w.By.ToUserId(), w.WithMembers, w.Correlation)
        ),
        ClusterType.Of<ChatFound, Wire.ChatFound>(
            "chat.found",
            Wire.ChatFound.Parser,
            m => new() { Correlation = m.Correlation, View = ChatViewMapping.ToWire(m.View) },
            w => new(w.Correlation, ChatViewMapping.ToDomain(w.View.Required()))
        ),
        ClusterType.Of<GetHistory, Wire.GetHistory>(
            "chat.get-history",
            Wire.GetHistory.Parser,
            ChatPageMapping.ToWire,
            ChatPageMapping.ToDomain
        ),
        ClusterType.Of<HistoryPage, Wire.HistoryPage>(
            "chat.history",
            Wire.HistoryPage.Parser,
            ChatPageMapping.ToWire,
            ChatPageMapping.ToDomain
        ),
        ClusterType.Of<GetEvents, Wire.GetEvents>(
            "chat.get-events",
            Wire.GetEvents.Parser,
            ChatPageMapping.ToWire,
            ChatPageMapping.ToDomain
        ),
        ClusterType.Of<EventsPage, Wire.EventsPage>(
            "chat.events",
            Wire.EventsPage.Parser,
            ChatPageMapping.ToWire,
            ChatPageMapping.ToDomain
        ),
        ClusterType.Of<GetSummary, Wire.GetSummary>(
            "chat.get-summary",
            Wire.GetSummary.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    By = m.By.ToWire(),
                    Correlation = m.Correlation,
                },
            w => new(w.Chat.ToChatId(), w.By.ToUserId(), w.Correlation)
        ),
        ClusterType.Of<SummaryFound, Wire.SummaryFound>(
            "chat.summary",
            Wire.SummaryFound.Parser,
            m =>
                new()
                {
                    Correlation = m.Correlation,
                    Summary = ChatSnapshotMapping.ToWire(m.Summary),
                    UnseenCount = m.UnseenCount,
                },
            w => new(w.Correlation, ChatSnapshotMapping.ToDomain(w.Summary.Required()), w.UnseenCount)
        ),
        ClusterType.Of<GetRun, Wire.GetRun>(
            "chat.get-run",
            Wire.GetRun.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    By = m.By.ToWire(),
                    Run = m.Run.ToWire(),
                    Correlation = m.Correlation,
                },
            w => new(w.Chat.ToChatId(), w.By.ToUserId(), w.Run.ToRunId(), w.Correlation)
        ),
        ClusterType.Of<RunFound, Wire.RunFound>(
            "chat.run",
            Wire.RunFound.Parser,
            m =>
                new()
                {
                    Correlation = m.Correlation,
                    Run = ChatSnapshotMapping.ToWire(m.Run),
                    Status = m.Status.ToWire(),
                    Text = m.Text,
                },
            w => new(w.Correlation, ChatSnapshotMapping.ToDomain(w.Run.Required()), w.Status.ToDomain(), w.Text)
        ),
        ClusterType.Of<SetTyping, Wire.SetTyping>(
            "chat.typing",
            Wire.SetTyping.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    By = m.By.ToWire(),
                    On = m.On,
                },
            w => new(w.Chat.ToChatId(), w.By.ToUserId(), w.On)
        ),
        ClusterType.Of<Wake, Wire.Wake>(
            "chat.wake",
            Wire.Wake.Parser,
            m => new() { Chat = m.Chat.ToWire() },
            w => new(w.Chat.ToChatId())
        ),
    ];
}
