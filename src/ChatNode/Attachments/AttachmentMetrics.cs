using System.Diagnostics.Metrics;
using ChatAi.ChatNode.Telemetry;

namespace ChatAi.ChatNode.Attachments;

/// <summary>What comes and goes of files on this node (docs/operations.md).</summary>
public static class AttachmentMetrics
{
    private static readonly Meter Meter = new(NodeMetrics.MeterName);

    private static readonly Counter<long> Files = Meter.CreateCounter<long>(
        "chatai.attachments.uploaded",
        description: "Files that were taken in."
    );

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "chatai.attachments.uploaded.bytes",
        "By",
        "Bytes of the files that were taken in; the same content twice counts twice and is stored once."
    );

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "chatai.attachments.refused",
        description: "Uploads that were refused, by error code."
    );

    private static readonly Counter<long> Deletions = Meter.CreateCounter<long>(
        "chatai.attachments.deleted",
        description: "Contents that were deleted because nothing named them any longer."
    );

    private static readonly Counter<long> Missing = Meter.CreateCounter<long>(
        "chatai.attachments.missing",
        description: "Downloads of content that the store should have and has not."
    );

    public static void Stored(long bytes)
    {
        Files.Add(1);
        Bytes.Add(bytes);
    }

    public static void Refused(string code) => Refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void Deleted(int contents) => Deletions.Add(contents);

    public static void NotThere() => Missing.Add(1);
}
