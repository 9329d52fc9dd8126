using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using Kind = ChatAi.Shared.Proto.Cluster.V1.ExecuteInChat.CommandOneofCase;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>Commands as they arrive at the chat; <see cref="ChatCommandWriting"/> is the other half.</summary>
internal static class ChatCommandReading
{
    public static ChatProtocol.Execute ToDomain(Wire.ExecuteInChat wire) =>
        new(wire.Chat.ToChatId(), CommandOf(wire), wire.Correlation) { Trace = wire.HasTrace ? wire.Trace : null };

    private static IChatCommand CommandOf(Wire.ExecuteInChat wire) =>
        wire.CommandCase switch
        {
            Kind.Create => ToDomain(wire.Create),
            Kind.Send => ToDomain(wire.Send),
            Kind.Edit => new EditMessage(wire.Edit.By.ToUserId(), wire.Edit.Target, wire.Edit.Text),
            Kind.Delete => new DeleteMessage(wire.Delete.By.ToUserId(), wire.Delete.Target),
            Kind.React => new ReactToMessage(
                wire.React.By.ToUserId(),
                wire.React.Target,
                wire.React.HasEmoji ? wire.React.Emoji : null
            ),
            Kind.AddMembers => new AddMembers(
                wire.AddMembers.By.ToUserId(),
                [.. wire.AddMembers.Users.Select(user => user.ToUserId())]
            ),
            Kind.RemoveMember => new RemoveMember(wire.RemoveMember.By.ToUserId(), wire.RemoveMember.User.ToUserId()),
            Kind.ChangeRole => new ChangeRole(
                wire.ChangeRole.By.ToUserId(),
                wire.ChangeRole.User.ToUserId(),
                wire.ChangeRole.Role.ToDomain()
            ),
            Kind.Set => ToDomain(wire.Set),
            Kind.Acknowledge => ToDomain(wire.Acknowledge),
            Kind.Ask => new AskAssistant(
                wire.Ask.By.ToUserId(),
                wire.Ask.Kind.ToDomain(),
                wire.Ask.Prompt,
                wire.Ask.HasPrivate ? wire.Ask.Private : null
            ),
            Kind.Regenerate => ToDomain(wire.Regenerate),
            Kind.Cancel => new CancelRun(wire.Cancel.By.ToUserId(), wire.Cancel.Run.ToRunId()),
            Kind.Complete => ToDomain(wire.Complete),
            Kind.Fail => new FailRun(wire.Fail.Run.ToRunId(), wire.Fail.Code, wire.Fail.Reason),
            Kind.SetBlock => new SetBlock(wire.SetBlock.By.ToUserId(), wire.SetBlock.Blocks),
            Kind.Expire => new ExpireMessage(wire.Expire.Target, wire.Expire.Before.ToTime()),
            Kind.RefreshSummary => RefreshSummary.Instance,
            _ => throw ClusterValues.Unknown("command for a chat"),
        };

    private static CreateChat ToDomain(Wire.CreateChat wire) =>
        new(
            wire.By.ToUserId(),
            wire.Type.ToDomain(),
            [.. wire.Members.Select(member => member.ToUserId())],
            wire.HasTitle ? wire.Title : null
        );

    private static SendMessage ToDomain(Wire.SendMessage wire) =>
        new(wire.By.ToUserId(), wire.Cid.ToClientMessageId(), wire.Text, wire.HasReplyTo ? wire.ReplyTo : null)
        {
            AttachmentIds = [.. wire.AttachmentIds.Select(id => id.ToAttachmentId())],
            Attachments = AttachmentMapping.ToDomain(wire.Attachments),
        };

    private static Acknowledge ToDomain(Wire.Acknowledge wire) =>
        new(wire.By.ToUserId(), wire.HasRecv ? wire.Recv : null, wire.HasRead ? wire.Read : null);

    private static SetChat ToDomain(Wire.SetChat wire) =>
        new(
            wire.By.ToUserId(),
            wire.HasTitle ? wire.Title : null,
            wire.HasAiEnabled ? wire.AiEnabled : null,
            wire.HasMuted ? wire.Muted : null,
            wire.HasArchived ? wire.Archived : null,
            wire.HasPinned ? wire.Pinned : null,
            wire.HasAiSummon ? wire.AiSummon.ToDomain() : null,
            wire.HasAiUnasked ? wire.AiUnasked : null
        );

    private static RegenerateRun ToDomain(Wire.RegenerateRun wire) =>
        new(
            wire.By.ToUserId(),
            wire.Run.ToRunId(),
            wire.Kind.ToDomain(),
            wire.Prompt,
            wire.AskedBy.ToUserId(),
            wire.Private,
            wire.HasTriggerSeq ? wire.TriggerSeq : null,
            wire.FromSeq
        );

    private static CompleteRun ToDomain(Wire.CompleteRun wire) =>
        new(
            wire.Run.ToRunId(),
            wire.Text,
            wire.Cites.ToList(),
            AiRunMapping.ToDomain(wire.Provenance),
            wire.ContextVersion,
            wire.Rolling is { } rolling
                ? new RollingRange(
                    rolling.FromSeq,
                    rolling.LatestSeq,
                    rolling.LatestMessage.ToMessageId(),
                    rolling.InputHash
                )
                : null
        )
        {
            Blocks = [.. wire.Blocks.Select(ToDomain)],
        };

    private static SummaryBlock ToDomain(Wire.CompleteRun.Types.Block wire) =>
        new(wire.Level, wire.First, wire.Messages, wire.InputHash, wire.Text, wire.Cites.ToList());
}
