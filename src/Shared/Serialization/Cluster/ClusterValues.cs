using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>What several messages carry.</summary>
internal static class ClusterValues
{
    public static readonly Wire.Empty Empty = new();

    /// <exception cref="SerializationException">A part that no writer leaves out is not there.</exception>
    public static T Required<T>([NotNull] this T? part)
        where T : class => part ?? throw new SerializationException($"A message lacks its {typeof(T).Name}.");

    /// <exception cref="SerializationException">A newer node wrote it, or nobody did.</exception>
    public static SerializationException Unknown(string what) => new($"This version does not know the {what}.");

    public static Wire.Rejection ToWire(this Rejection r)
    {
        var wire = new Wire.Rejection { Code = r.Code, Message = r.Message };
        if (r.AfterMs is { } after)
            wire.AfterMs = after;
        return wire;
    }

    public static Rejection ToDomain(this Wire.Rejection? wire) =>
        new(wire.Required().Code, wire.Message, wire.HasAfterMs ? wire.AfterMs : null);

    public static Wire.RestOfPage ToWire(this RestOfPage r) =>
        new()
        {
            From = r.From,
            To = r.To,
            Take = r.Take,
            NewestFirst = r.NewestFirst,
            Version = r.Version,
        };

    public static RestOfPage ToDomain(this Wire.RestOfPage wire) =>
        new(wire.From, wire.To, wire.Take, wire.NewestFirst, wire.Version);

    public static Wire.ChatTouch ToWire(this ChatTouch t) =>
        new()
        {
            Chat = t.Chat.ToWire(),
            Version = t.Version,
            LastMessageAt = t.LastMessageAt.ToWire(),
            Removed = t.Removed,
        };

    public static ChatTouch ToDomain(this Wire.ChatTouch wire) =>
        new(wire.Chat.ToChatId(), wire.Version, wire.LastMessageAt.ToTime(), wire.Removed);

    public static Wire.AiRunStatus ToWire(this AiRunStatus status) => (Wire.AiRunStatus)status;

    public static AiRunStatus ToDomain(this Wire.AiRunStatus status) =>
        status is >= Wire.AiRunStatus.Queued and <= Wire.AiRunStatus.Failed
            ? (AiRunStatus)status
            : throw Unknown($"run status {(int)status}");
}
