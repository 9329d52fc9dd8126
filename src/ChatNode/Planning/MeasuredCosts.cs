namespace ChatAi.ChatNode.Planning;

/// <param name="Source">The row of docs/benchmarks.md it is rounded up from, or why it is assumed.</param>
public sealed record Cost(double Value, string Unit, string Source, bool IsMeasured = true);

/// <summary>
/// The figures that plans rest on, all in one place. Measured ones are those of docs/benchmarks.md, rounded to the careful
/// side; the others are assumptions and say so.
/// </summary>
public static class MeasuredCosts
{
    public static readonly Cost NodeCpu = new(
        0.0012,
        "s of CPU a message",
        "capacity: CPU of a node, s per 1,000 messages"
    );

    public static readonly Cost DatabaseCpu = new(
        0.0005,
        "s of CPU a message",
        "capacity: CPU of PostgreSQL, s per 1,000 messages"
    );

    public static readonly Cost ConnectedUserBytes = new(
        40_000,
        "bytes of a node's memory a connected user",
        "capacity: memory of a node, a connected user with their chat, bytes"
    );

    public static readonly Cost JournalBytes = new(
        600,
        "bytes a message of 100 bytes, with indexes",
        "capacity: journal, and journal's indexes, bytes a message"
    );

    public static readonly Cost ReadBytes = new(
        1_000,
        "bytes a message of 100 bytes, with indexes",
        "capacity: read tables, their indexes and all other tables, bytes a message"
    );

    public static readonly Cost WalBytes = new(
        3_100,
        "bytes a message of 100 bytes",
        "capacity: write-ahead log, bytes a message"
    );

    public static readonly Cost PromptTokensPerSecond = new(
        600,
        "tokens a second and core, 135 million parameters, Q4_0",
        "engine: 2,000 tokens read in 3,258 ms"
    );

    public static readonly Cost AnswerTokensPerSecond = new(
        370,
        "tokens a second and core, 8 conversations in a batch",
        "engine: tokens a CPU-second, 8 conversations"
    );

    public static readonly Cost PlainRunCpu = new(
        0.025,
        "s of CPU a run without a model",
        "capacity: CPU of a run without a model, s"
    );

    public static readonly Cost DeliveryCpu = new(
        0.00005,
        "s of CPU for each recipient after the first",
        "one frame encoded once and written to one more socket; not measured alone",
        IsMeasured: false
    );

    public static readonly Cost ReceiptsPerMessage = new(
        1,
        "receipt events a message",
        "clients report what they have read in bursts; each burst is one event of its chat",
        IsMeasured: false
    );

    public static readonly Cost ReceiptBytes = new(
        220,
        "bytes of journal a receipt event, with indexes",
        "an event of the journal without a text",
        IsMeasured: false
    );

    public static readonly Cost FrameBytes = new(
        420,
        "bytes on the wire a message of 100 bytes",
        "JSON frame, WebSocket, TLS and TCP headers",
        IsMeasured: false
    );

    public static readonly Cost SocketsPerNode = new(
        100_000,
        "sockets a node",
        "a bound for what one lost node does: so many people reconnect at once",
        IsMeasured: false
    );

    public static readonly IReadOnlyList<Cost> All =
    [
        NodeCpu,
        DatabaseCpu,
        ConnectedUserBytes,
        JournalBytes,
        ReadBytes,
        WalBytes,
        PromptTokensPerSecond,
        AnswerTokensPerSecond,
        PlainRunCpu,
        DeliveryCpu,
        ReceiptsPerMessage,
        ReceiptBytes,
        FrameBytes,
        SocketsPerNode,
    ];
}
