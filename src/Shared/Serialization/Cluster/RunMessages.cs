using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.AiProtocol;
using static ChatAi.Shared.Protocol.AiQueueProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="AiProtocol"/> and <see cref="AiQueueProtocol"/>.</summary>
internal static class RunMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of<OfferRun, Wire.ChatRun>(
            "ai.offer",
            Wire.ChatRun.Parser,
            m => new() { Chat = m.Chat.ToWire(), Run = ChatSnapshotMapping.ToWire(m.Run) },
            w => new(w.Chat.ToChatId(), ChatSnapshotMapping.ToDomain(w.Run.Required()))
        ),
        OfRun<CancelRun>("ai.cancel", m => (m.Chat, m.Run), (chat, run) => new(chat, run)),
        ClusterType.Of<ForgetChat, Wire.ForgetChat>(
            "ai.forget",
            Wire.ForgetChat.Parser,
            m => new() { Chat = m.Chat.ToWire() },
            w => new(w.Chat.ToChatId())
        ),
        ClusterType.Of<RunRefused, Wire.RunRefused>(
            "ai.refused",
            Wire.RunRefused.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Run = m.Run.ToWire(),
                    QueueLength = m.QueueLength,
                },
            w => new(w.Chat.ToChatId(), w.Run.ToRunId(), w.QueueLength)
        ),
        OfRun<RunGranted>("ai.granted", m => (m.Chat, m.Run), (chat, run) => new(chat, run)),
        ClusterType.Of<RunDenied, Wire.RunDenied>(
            "ai.denied",
            Wire.RunDenied.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Run = m.Run.ToWire(),
                    Reason = m.Reason.ToWire(),
                },
            w => new(w.Chat.ToChatId(), w.Run.ToRunId(), w.Reason.ToDomain())
        ),
        ClusterType.Of<GetContext, Wire.GetContext>(
            "ai.get-context",
            Wire.GetContext.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Run = m.Run.ToWire(),
                    Lines = m.Lines,
                },
            w => new(w.Chat.ToChatId(), w.Run.ToRunId(), w.Lines)
        ),
        ClusterType.Of<Context, Wire.Context>("ai.context", Wire.Context.Parser, ToWire, ToDomain),
        OfRun<Gone>("ai.gone", m => m.Run, run => new(run)),
        OfRun<RunStarted>("ai.started", m => (m.Chat, m.Run), (chat, run) => new(chat, run)),
        ClusterType.Of<RunProgressed, Wire.RunProgressed>(
            "ai.progressed",
            Wire.RunProgressed.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Run = m.Run.ToWire(),
                    Off = m.Off,
                    Text = m.Text,
                },
            w => new(w.Chat.ToChatId(), w.Run.ToRunId(), w.Off, w.Text)
        ),
        OfRun<Locate>("ai.locate", m => m.Run, run => new(run)),
        ClusterType.Of<Located, Wire.Located>(
            "ai.located",
            Wire.Located.Parser,
            m =>
            {
                var wire = new Wire.Located { Run = m.Run.ToWire() };
                if (m.Chat is { } chat)
                    wire.Chat = chat.ToWire();
                if (m.Place is { } place)
                    wire.Place = place;
                return wire;
            },
            w => new(w.Run.ToRunId(), w.HasChat ? w.Chat.ToChatId() : null) { Place = w.HasPlace ? w.Place : null }
        ),
        ClusterType.Of<ReadyForWork, Wire.ReadyForWork>(
            "queue.ready",
            Wire.ReadyForWork.Parser,
            m => new() { Request = m.Request },
            w => new(w.Request)
        ),
        ClusterType.Of<AssignRun, Wire.AssignRun>(
            "queue.assign",
            Wire.AssignRun.Parser,
            m =>
                new()
                {
                    Chat = m.Chat.ToWire(),
                    Run = ChatSnapshotMapping.ToWire(m.Run),
                    Request = m.Request,
                },
            w => new(w.Chat.ToChatId(), ChatSnapshotMapping.ToDomain(w.Run.Required()), w.Request)
        ),
        ClusterType.Of<RunHeartbeat, Wire.ChatRun>(
            "queue.heartbeat",
            Wire.ChatRun.Parser,
            m => new() { Chat = m.Chat.ToWire(), Run = ChatSnapshotMapping.ToWire(m.Run) },
            w => new(w.Chat.ToChatId(), ChatSnapshotMapping.ToDomain(w.Run.Required()))
        ),
        OfRun<RunEnded>("queue.ended", m => m.Run, run => new(run)),
        OfRun<StopRun>("queue.stop", m => m.Run, run => new(run)),
        ClusterType.Of("queue.get", GetQueue.Instance),
        ClusterType.Of<QueueState, Wire.QueueState>(
            "queue.state",
            Wire.QueueState.Parser,
            m =>
                new()
                {
                    Asked = m.Asked,
                    CatchUps = m.CatchUps,
                    Rolling = m.Rolling,
                    Running = m.Running,
                    Idle = m.Idle,
                },
            w => new(w.Asked, w.CatchUps, w.Rolling, w.Running, w.Idle)
        ),
    ];

    private static ClusterType OfRun<T>(string manifest, Func<T, RunId> run, Func<RunId, T> read)
        where T : class =>
        ClusterType.Of<T, Wire.JustRun>(
            manifest,
            Wire.JustRun.Parser,
            m => new() { Run = run(m).ToWire() },
            w => read(w.Run.ToRunId())
        );

    private static ClusterType OfRun<T>(string manifest, Func<T, (ChatId, RunId)> ids, Func<ChatId, RunId, T> read)
        where T : class =>
        ClusterType.Of<T, Wire.RunOfChat>(
            manifest,
            Wire.RunOfChat.Parser,
            m =>
            {
                var (chat, run) = ids(m);
                return new() { Chat = chat.ToWire(), Run = run.ToWire() };
            },
            w => read(w.Chat.ToChatId(), w.Run.ToRunId())
        );

    private static Wire.Context ToWire(Context m)
    {
        var wire = new Wire.Context
        {
            Chat = m.Chat.ToWire(),
            Run = ChatSnapshotMapping.ToWire(m.Run),
            DirectWithAssistant = m.DirectWithAssistant,
            Summary = m.Summary is null ? null : ChatSnapshotMapping.ToWire(m.Summary),
            SummaryVersion = m.SummaryVersion,
            ContextVersion = m.ContextVersion,
            Version = m.Version,
        };
        if (m.EarlierFrom is { } from)
            wire.EarlierFrom = from;
        foreach (var line in m.Lines)
            wire.Lines.Add(ChatSnapshotMessageMapping.ToWire(line));
        return wire;
    }

    private static Context ToDomain(Wire.Context wire) =>
        new(
            wire.Chat.ToChatId(),
            ChatSnapshotMapping.ToDomain(wire.Run.Required()),
            wire.DirectWithAssistant,
            [.. wire.Lines.Select(ChatSnapshotMessageMapping.ToDomain)],
            wire.HasEarlierFrom ? wire.EarlierFrom : null,
            wire.Summary is null ? null : ChatSnapshotMapping.ToDomain(wire.Summary),
            wire.SummaryVersion,
            wire.ContextVersion,
            wire.Version
        );
}
