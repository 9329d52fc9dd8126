using ChatAi.Shared.Domain.Chats;
using Google.Protobuf;
using Stored = ChatAi.Shared.Proto.Journal.V1;
using Types = ChatAi.Shared.Proto.Journal.V1.ChatSnapshot.Types;

namespace ChatAi.Shared.Serialization.Mapping;

internal static class ChatSnapshotMapping
{
    public static Stored.ChatSnapshot ToWire(ChatSnapshot s)
    {
        var wire = new Stored.ChatSnapshot
        {
            Type = s.Type.ToWire(),
            AiEnabled = s.AiEnabled,
            CreatedAt = s.CreatedAt.ToWire(),
            Head = s.Head,
            Messages = s.Messages,
            LastMessageAt = s.LastMessageAt.ToWire(),
            LastMessageSeq = s.LastMessageSeq,
            Mutations = s.Mutations,
            SummaryVersion = s.SummaryVersion,
            Unsummarized = s.Unsummarized,
            OldCids = ByteString.CopyFrom(s.OldCids),
            Control = AiControlMapping.ToWire(s.Control),
        };
        if (s.Title is not null)
            wire.Title = s.Title;
        if (s.LastMessagePreview is not null)
            wire.LastMessagePreview = s.LastMessagePreview;
        if (s.Summary is not null)
            wire.Summary = ToWire(s.Summary);
        wire.Members.AddRange(s.Members.Select(ToWire));
        wire.Former.AddRange(s.Former.Select(ToWire));
        wire.Runs.AddRange(s.Runs.Select(ToWire));
        wire.Recent.AddRange(s.Recent.Select(ChatSnapshotMessageMapping.ToWire));
        return wire;
    }

    public static ChatSnapshot ToDomain(Stored.ChatSnapshot wire) =>
        new(
            wire.Type.ToDomain(),
            wire.HasTitle ? wire.Title : null,
            wire.AiEnabled,
            wire.CreatedAt.ToTime(),
            wire.Head,
            wire.Messages,
            wire.LastMessageAt.ToTime(),
            wire.HasLastMessagePreview ? wire.LastMessagePreview : null,
            wire.LastMessageSeq,
            wire.Mutations,
            wire.Summary is null ? null : ToDomain(wire.Summary),
            wire.SummaryVersion,
            wire.Unsummarized,
            [.. wire.Members.Select(ToDomain)],
            [.. wire.Former.Select(ToDomain)],
            [.. wire.Runs.Select(ToDomain)],
            [.. wire.Recent.Select(ChatSnapshotMessageMapping.ToDomain)],
            wire.OldCids.ToByteArray()
        )
        {
            Control = AiControlMapping.ToDomain(wire.Control),
        };

    private static Types.Member ToWire(Member m) =>
        new()
        {
            User = m.User.ToWire(),
            Role = m.Role.ToWire(),
            From = m.From,
            Recv = m.Recv,
            Read = m.Read,
            Unread = m.Unread,
            Muted = m.Muted,
            Archived = m.Archived,
            Pinned = m.Pinned,
            Blocks = m.Blocks,
        };

    private static Member ToDomain(Types.Member wire) =>
        new(
            wire.User.ToUserId(),
            wire.Role.ToDomain(),
            wire.From,
            wire.Recv,
            wire.Read,
            wire.Unread,
            wire.Muted,
            wire.Archived,
            wire.Pinned
        )
        {
            Blocks = wire.Blocks,
        };

    private static Types.FormerMember ToWire(FormerMember f) =>
        new()
        {
            User = f.User.ToWire(),
            From = f.From,
            RemovedAt = f.RemovedAt,
        };

    private static FormerMember ToDomain(Types.FormerMember wire) =>
        new(wire.User.ToUserId(), wire.From, wire.RemovedAt);

    public static Types.PendingRun ToWire(PendingRun r)
    {
        var wire = new Types.PendingRun
        {
            Run = r.Run.ToWire(),
            Kind = r.Kind.ToWire(),
            Prompt = r.Prompt,
            By = r.By.ToWire(),
            Private = r.Private,
            FromSeq = r.FromSeq,
            At = r.At.ToWire(),
        };
        if (r.TriggerSeq is { } trigger)
            wire.TriggerSeq = trigger;
        if (r.RegeneratedFrom is { } old)
            wire.RegeneratedFrom = old.ToWire();
        return wire;
    }

    public static PendingRun ToDomain(Types.PendingRun wire) =>
        new(
            wire.Run.ToRunId(),
            wire.Kind.ToDomain(),
            wire.Prompt,
            wire.By.ToUserId(),
            wire.Private,
            wire.HasTriggerSeq ? wire.TriggerSeq : null,
            wire.FromSeq,
            wire.At.ToTime(),
            wire.HasRegeneratedFrom ? wire.RegeneratedFrom.ToRunId() : null
        );

    public static Types.RollingSummary ToWire(RollingSummary s)
    {
        var wire = new Types.RollingSummary
        {
            Text = s.Text,
            FromSeq = s.FromSeq,
            LatestSeq = s.LatestSeq,
            LatestMessage = s.LatestMessage.ToWire(),
            InputHash = s.InputHash,
            Provenance = AiRunMapping.ToWire(s.Provenance),
            At = s.At.ToWire(),
        };
        wire.Cites.AddRange(s.Cites);
        return wire;
    }

    public static RollingSummary ToDomain(Types.RollingSummary wire) =>
        new(
            wire.Text,
            wire.FromSeq,
            wire.LatestSeq,
            wire.LatestMessage.ToMessageId(),
            wire.InputHash,
            wire.Cites.ToList(),
            AiRunMapping.ToDomain(wire.Provenance),
            wire.At.ToTime()
        );
}
