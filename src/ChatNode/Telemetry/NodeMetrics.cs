using System.Diagnostics.Metrics;
using ChatAi.ChatNode.Gateway.Codec;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>
/// The meter <c>ChatAi.Node</c>: what happens to sockets, messages and the journal. docs/operations.md has every name; a
/// name that was released never changes its meaning.
/// </summary>
public static class NodeMetrics
{
    public const string MeterName = "ChatAi.Node";

    private static readonly Meter Meter = new(MeterName);

    private static readonly InstrumentAdvice<double> Latency = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private static readonly Counter<long> Opened = Meter.CreateCounter<long>(
        "chatai.connections.opened",
        description: "Sockets that were let in."
    );

    private static readonly Counter<long> Closed = Meter.CreateCounter<long>(
        "chatai.connections.closed",
        description: "Sockets that this node closed, by close code; 1000 where the client went."
    );

    private static readonly UpDownCounter<long> SignedIn = Meter.CreateUpDownCounter<long>(
        "chatai.sessions",
        description: "Sockets that said hello and are attached to their user."
    );

    private static readonly Counter<long> Frames = Meter.CreateCounter<long>(
        "chatai.frames.received",
        description: "Frames of clients, by what came of reading them."
    );

    private static readonly Counter<long> Accepted = Meter.CreateCounter<long>(
        "chatai.messages.accepted",
        description: "Messages that the journal has, by who wrote them."
    );

    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>(
        "chatai.messages.rejected",
        description: "Messages that were refused, by error code."
    );

    private static readonly Histogram<double> Ack = Meter.CreateHistogram(
        "chatai.message.ack",
        "s",
        "From a message's frame to its acknowledgement, on the sender's node.",
        advice: Latency
    );

    private static readonly Histogram<double> Delivery = Meter.CreateHistogram(
        "chatai.message.delivery",
        "s",
        "From a message's time in the journal to the recipient's outbox; across nodes it holds the difference of clocks.",
        advice: Latency
    );

    private static readonly Histogram<double> Write = Meter.CreateHistogram(
        "chatai.journal.write",
        "s",
        "From a chat's handing its events to the journal to their being written.",
        advice: Latency
    );

    private static readonly Counter<long> WriteFailures = Meter.CreateCounter<long>(
        "chatai.journal.write.failures",
        description: "Writes that the journal failed or refused; the entity starts anew."
    );

    private static readonly Counter<long> AdminRefused = Meter.CreateCounter<long>(
        "chatai.admin.refused",
        description: "Calls of /v1/admin without the operators' token."
    );

    private static long _sessions;
    private static long _accepted;

    /// <summary>Sessions of this node.</summary>
    public static int Sessions => (int)Interlocked.Read(ref _sessions);

    /// <summary>Messages accepted since the start.</summary>
    public static long Messages => Interlocked.Read(ref _accepted);

    /// <summary>Alarms look at how these grow: the first event must not be the first that is seen of them.</summary>
    public static void Begin()
    {
        WriteFailures.Add(0, new KeyValuePair<string, object?>("kind", "failed"));
        WriteFailures.Add(0, new KeyValuePair<string, object?>("kind", "refused"));
        AdminRefused.Add(0);
    }

    public static void ConnectionOpened() => Opened.Add(1);

    public static void ConnectionClosed(int code) => Closed.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void SessionBegan()
    {
        Interlocked.Increment(ref _sessions);
        SignedIn.Add(1);
    }

    public static void SessionEnded()
    {
        Interlocked.Decrement(ref _sessions);
        SignedIn.Add(-1);
    }

    public static void FrameReceived(ClientFrame frame) =>
        Frames.Add(
            1,
            new KeyValuePair<string, object?>(
                "outcome",
                frame switch
                {
                    ClientFrame.Refused => "refused",
                    ClientFrame.Bad => "bad",
                    ClientFrame.Fatal => "fatal",
                    _ => "ok",
                }
            )
        );

    public static void MessageAccepted(bool ofAssistant)
    {
        Interlocked.Increment(ref _accepted);
        Accepted.Add(1, new KeyValuePair<string, object?>("sender", ofAssistant ? "assistant" : "person"));
    }

    public static void MessageRejected(string code) => Rejected.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void Acknowledged(TimeSpan took) => Ack.Record(took.TotalSeconds);

    public static void Delivered(TimeSpan took) => Delivery.Record(Math.Max(0, took.TotalSeconds));

    public static void Written(TimeSpan took) => Write.Record(took.TotalSeconds);

    /// <param name="kind"><c>failed</c>: the outcome is not known; <c>refused</c>: it was not written.</param>
    public static void WriteFailed(string kind) =>
        WriteFailures.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void OperatorRefused() => AdminRefused.Add(1);
}
