using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>Commands on their way to the chat; <see cref="ChatCommandReading"/> is the other half.</summary>
internal static class ChatCommandWriting
{
    public static Wire.ExecuteInChat ToWire(ChatProtocol.Execute m)
    {
        var wire = new Wire.ExecuteInChat { Chat = m.Chat.ToWire(), Correlation = m.Correlation };
        if (m.Trace is not null)
            wire.Trace = m.Trace;
        switch (m.Command)
        {
            case CreateChat c:
                wire.Create = ToWire(c);
                break;
            case SendMessage c:
                wire.Send = new()
                {
                    By = c.By.ToWire(),
                    Cid = c.Cid.ToWire(),
                    Text = c.Text,
                };
                if (c.ReplyTo is { } replyTo)
                    wire.Send.ReplyTo = replyTo;
                foreach (var id in c.AttachmentIds)
                    wire.Send.AttachmentIds.Add(id.ToWire());
                foreach (var attachment in c.Attachments)
                    wire.Send.Attachments.Add(AttachmentMapping.ToWire(attachment));
                break;
            case EditMessage c:
                wire.Edit = new()
                {
                    By = c.By.ToWire(),
                    Target = c.Target,
                    Text = c.Text,
                };
                break;
            case DeleteMessage c:
                wire.Delete = new() { By = c.By.ToWire(), Target = c.Target };
                break;
            case ReactToMessage c:
                wire.React = new() { By = c.By.ToWire(), Target = c.Target };
                if (c.Emoji is not null)
                    wire.React.Emoji = c.Emoji;
                break;
            case AddMembers c:
                wire.AddMembers = new() { By = c.By.ToWire() };
                foreach (var user in c.Users)
                    wire.AddMembers.Users.Add(user.ToWire());
                break;
            case RemoveMember c:
                wire.RemoveMember = new() { By = c.By.ToWire(), User = c.User.ToWire() };
                break;
            case ChangeRole c:
                wire.ChangeRole = new()
                {
                    By = c.By.ToWire(),
                    User = c.User.ToWire(),
                    Role = c.Role.ToWire(),
                };
                break;
            case SetChat c:
                wire.Set = ToWire(c);
                break;
            case Acknowledge c:
                wire.Acknowledge = new() { By = c.By.ToWire() };
                if (c.Recv is { } recv)
                    wire.Acknowledge.Recv = recv;
                if (c.Read is { } read)
                    wire.Acknowledge.Read = read;
                break;
            case AskAssistant c:
                wire.Ask = new()
                {
                    By = c.By.ToWire(),
                    Kind = c.Kind.ToWire(),
                    Prompt = c.Prompt,
                };
                if (c.Private is { } isPrivate)
                    wire.Ask.Private = isPrivate;
                break;
            case RegenerateRun c:
                wire.Regenerate = ToWire(c);
                break;
            case CancelRun c:
                wire.Cancel = new() { By = c.By.ToWire(), Run = c.Run.ToWire() };
                break;
            case CompleteRun c:
                wire.Complete = ToWire(c);
                break;
            case FailRun c:
                wire.Fail = new()
                {
                    Run = c.Run.ToWire(),
                    Code = c.Code,
                    Reason = c.Reason,
                };
                break;
            case SetBlock c:
                wire.SetBlock = new() { By = c.By.ToWire(), Blocks = c.Blocks };
                break;
            case ExpireMessage c:
                wire.Expire = new() { Target = c.Target, Before = c.Before.ToWire() };
                break;
            case RefreshSummary:
                wire.RefreshSummary = ClusterValues.Empty;
                break;
            default:
                throw ClusterValues.Unknown($"command {m.Command.GetType().Name}");
        }
        return wire;
    }

    private static Wire.CreateChat ToWire(CreateChat c)
    {
        var wire = new Wire.CreateChat { By = c.By.ToWire(), Type = c.Type.ToWire() };
        foreach (var member in c.Members)
            wire.Members.Add(member.ToWire());
        if (c.Title is not null)
            wire.Title = c.Title;
        return wire;
    }

    private static Wire.SetChat ToWire(SetChat c)
    {
        var wire = new Wire.SetChat { By = c.By.ToWire() };
        if (c.Title is not null)
            wire.Title = c.Title;
        if (c.AiEnabled is { } enabled)
            wire.AiEnabled = enabled;
        if (c.Muted is { } muted)
            wire.Muted = muted;
        if (c.Archived is { } archived)
            wire.Archived = archived;
        if (c.Pinned is { } pinned)
            wire.Pinned = pinned;
        if (c.AiSummon is { } summon)
            wire.AiSummon = summon.ToWire();
        if (c.AiUnasked is { } unasked)
            wire.AiUnasked = unasked;
        return wire;
    }

    private static Wire.RegenerateRun ToWire(RegenerateRun c)
    {
        var wire = new Wire.RegenerateRun
        {
            By = c.By.ToWire(),
            Run = c.Run.ToWire(),
            Kind = c.Kind.ToWire(),
            Prompt = c.Prompt,
            AskedBy = c.AskedBy.ToWire(),
            Private = c.Private,
            FromSeq = c.FromSeq,
        };
        if (c.TriggerSeq is { } trigger)
            wire.TriggerSeq = trigger;
        return wire;
    }

    private static Wire.CompleteRun ToWire(CompleteRun c)
    {
        var wire = new Wire.CompleteRun
        {
            Run = c.Run.ToWire(),
            Text = c.Text,
            Provenance = AiRunMapping.ToWire(c.Provenance),
            ContextVersion = c.ContextVersion,
        };
        wire.Cites.AddRange(c.Cites);
        if (c.Rolling is { } rolling)
            wire.Rolling = new()
            {
                FromSeq = rolling.FromSeq,
                LatestSeq = rolling.LatestSeq,
                LatestMessage = rolling.LatestMessage.ToWire(),
                InputHash = rolling.InputHash,
            };
        foreach (var block in c.Blocks)
        {
            var written = new Wire.CompleteRun.Types.Block
            {
                Level = block.Level,
                First = block.First,
                Messages = block.Messages,
                InputHash = block.InputHash,
                Text = block.Text,
            };
            written.Cites.AddRange(block.Cites);
            wire.Blocks.Add(written);
        }
        return wire;
    }
}
