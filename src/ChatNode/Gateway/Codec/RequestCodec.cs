using System.Text.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>The <c>d</c> of each op.</summary>
internal static class RequestCodec
{
    public const int MostUsers = Limits.GroupMembers;
    public const int MostPresences = 100;
    public const int MostResumed = 1_000;

    /// <summary>Null for an op that is not known. The most frequent ones first.</summary>
    public static ClientRequest? Decode(JsonElement op, ref Fields d)
    {
        if (op.ValueEquals("message.send"u8))
            return Send(ref d);
        if (op.ValueEquals("ack"u8))
            return new ClientRequest.Acknowledge(Chat(ref d), d.SeqOrNull("recv"u8), d.SeqOrNull("read"u8));
        if (op.ValueEquals("typing"u8))
            return new ClientRequest.SetTyping(Chat(ref d), d.Bool("on"u8));
        if (op.ValueEquals("sync.get"u8))
            return new ClientRequest.Sync(Chat(ref d), d.Seq("after"u8), d.LimitOrNull("limit"u8, Limits.SyncPage));
        if (op.ValueEquals("history.get"u8))
            return History(ref d);
        if (op.ValueEquals("hello"u8))
            return Hello(ref d);
        if (op.ValueEquals("token.refresh"u8))
            return new ClientRequest.RefreshToken(d.Text("token"u8));
        return OfChats(op, ref d) ?? OfMessages(op, ref d) ?? OfTheAssistant(op, ref d);
    }

    private static ClientRequest? OfChats(JsonElement op, ref Fields d)
    {
        if (op.ValueEquals("chat.list"u8))
            return new ClientRequest.ListChats(d.LimitOrNull("limit"u8, 100), d.TextOrNull("before"u8));
        if (op.ValueEquals("chat.get"u8))
            return new ClientRequest.GetChat(Chat(ref d));
        if (op.ValueEquals("chat.create"u8))
            return new ClientRequest.CreateChat(
                d.OneOf("type"u8, ("1_to_1", ChatType.OneToOne), ("group", ChatType.Group)),
                Users(ref d, "members"u8, MostUsers),
                d.TextOrNull("title"u8)
            );
        if (op.ValueEquals("chat.set"u8))
            return new ClientRequest.SetChat(
                Chat(ref d),
                d.TextOrNull("title"u8),
                d.BoolOrNull("ai_enabled"u8),
                d.BoolOrNull("muted"u8),
                d.BoolOrNull("archived"u8),
                d.BoolOrNull("pinned"u8),
                Summon(ref d),
                d.BoolOrNull("ai_unasked"u8)
            );
        if (op.ValueEquals("member.add"u8))
            return new ClientRequest.AddMembers(Chat(ref d), Users(ref d, "users"u8, MostUsers));
        if (op.ValueEquals("member.remove"u8))
            return new ClientRequest.RemoveMember(Chat(ref d), new UserId(d.Id("user"u8)));
        if (op.ValueEquals("member.role"u8))
            return new ClientRequest.ChangeRole(Chat(ref d), new UserId(d.Id("user"u8)), Role(ref d));
        if (op.ValueEquals("presence.get"u8))
            return new ClientRequest.GetPresence(Users(ref d, "users"u8, MostPresences));
        if (op.ValueEquals("privacy.set"u8))
            return new ClientRequest.SetPrivacy(LastSeenChoices.Of(ref d) ?? Missing(ref d));
        return null;
    }

    private static LastSeen Missing(ref Fields d)
    {
        d.Fail("'last_seen' is missing.");
        return default;
    }

    private static ClientRequest? OfMessages(JsonElement op, ref Fields d)
    {
        if (op.ValueEquals("message.edit"u8))
            return new ClientRequest.EditMessage(Chat(ref d), d.Seq("seq"u8), d.Text("text"u8));
        if (op.ValueEquals("message.delete"u8))
            return new ClientRequest.DeleteMessage(Chat(ref d), d.Seq("seq"u8));
        if (op.ValueEquals("message.react"u8))
            return new ClientRequest.ReactToMessage(Chat(ref d), d.Seq("seq"u8), d.TextOrNull("emoji"u8));
        if (op.ValueEquals("search"u8))
            return new ClientRequest.Search(
                d.Text("q"u8),
                d.IdOrNull("chat"u8) is { } chat ? new ChatId(chat) : null,
                d.LimitOrNull("limit"u8, Limits.SearchPage),
                d.TextOrNull("before"u8)
            );
        return null;
    }

    private static ClientRequest? OfTheAssistant(JsonElement op, ref Fields d)
    {
        if (op.ValueEquals("ai.ask"u8))
            return new ClientRequest.AskAssistant(
                Chat(ref d),
                Kind(ref d),
                d.TextOrNull("prompt"u8),
                d.BoolOrNull("private"u8)
            );
        if (op.ValueEquals("ai.regenerate"u8))
            return new ClientRequest.RegenerateRun(new RunId(d.Id("run"u8)));
        if (op.ValueEquals("ai.cancel"u8))
            return new ClientRequest.CancelRun(new RunId(d.Id("run"u8)));
        if (op.ValueEquals("ai.snapshot"u8))
            return new ClientRequest.Snapshot(new RunId(d.Id("run"u8)));
        return null;
    }

    private static ClientRequest.SendMessage Send(ref Fields d)
    {
        var chat = d.IdOrNull("chat"u8);
        var to = d.IdOrNull("to"u8);
        if (chat is null == to is null)
            d.Fail("Exactly one of 'chat' and 'to' must be given.");
        return new ClientRequest.SendMessage(
            chat is { } known ? new ChatId(known) : null,
            to is { } user ? new UserId(user) : null,
            new ClientMessageId(d.Id("cid"u8)),
            d.Text("text"u8),
            d.SeqOrNull("reply_to"u8)
        )
        {
            Attachments = Attachments(ref d),
        };
    }

    /// <summary>Absent and empty are the same: a message without files.</summary>
    public static IReadOnlyList<AttachmentId> Attachments(ref Fields d)
    {
        var ids = d.IdsOrNone("attachments"u8, Limits.Attachments);
        return ids.Count == 0 ? [] : [.. ids.Select(id => new AttachmentId(id))];
    }

    private static ClientRequest.GetHistory History(ref Fields d)
    {
        var (before, after) = (d.SeqOrNull("before"u8), d.SeqOrNull("after"u8));
        if (before is not null && after is not null)
            d.Fail("At most one of 'before' and 'after' may be given.");
        return new ClientRequest.GetHistory(Chat(ref d), before, after, d.LimitOrNull("limit"u8, Limits.HistoryPage));
    }

    private static ClientRequest.Hello Hello(ref Fields d)
    {
        ResumeFrom? resume = null;
        if (d.ObjectOrNull("resume"u8) is { } given)
        {
            var fields = new Fields(given);
            var epoch = fields.TextOrNull("epoch"u8);
            var chats = new Dictionary<ChatId, long>();
            if (fields.ObjectOrNull("chats"u8) is { } marks)
            {
                if (marks.GetPropertyCount() > MostResumed)
                    fields.Fail($"At most {MostResumed} chats can be resumed; page the others by sync.get.");
                else
                    ReadMarks(marks, chats, ref fields);
            }
            if (fields.Error is { } error)
                d.Fail($"resume: {error.Message}");
            resume = new ResumeFrom(epoch, chats);
        }
        // Who it is for and by what program is for the reader of a network trace; the token says which device it is.
        d.TextOrNull("device"u8);
        d.TextOrNull("client"u8);
        return new ClientRequest.Hello(d.TextOrNull("token"u8), resume);
    }

    private static void ReadMarks(JsonElement marks, Dictionary<ChatId, long> chats, ref Fields fields)
    {
        foreach (var mark in marks.EnumerateObject())
        {
            if (Fields.IdOf(System.Text.Encoding.UTF8.GetBytes(mark.Name)) is not { } chat)
                fields.Fail("a name in 'chats' is no UUID in canonical lower-case text.");
            else if (mark.Value.ValueKind != JsonValueKind.Number || !mark.Value.TryGetInt64(out var seq) || seq < 0)
                fields.Fail("a value in 'chats' is no whole number of 0 or more.");
            else
                chats[new ChatId(chat)] = seq;
        }
    }

    private static MemberRole Role(ref Fields d) =>
        d.OneOf("role"u8, ("owner", MemberRole.Owner), ("admin", MemberRole.Admin), ("member", MemberRole.Member));

    private static AiRunKind Kind(ref Fields d) =>
        d.OneOf(
            "kind"u8,
            ("reply", AiRunKind.Reply),
            ("summarize", AiRunKind.Summarize),
            ("catchup", AiRunKind.CatchUp)
        );

    public static AiSummon? Summon(ref Fields d) =>
        d.OneOfOrNull("ai_summon"u8, ("everyone", AiSummon.Everyone), ("admins", AiSummon.Admins));

    private static ChatId Chat(ref Fields d) => new(d.Id("chat"u8));

    private static IReadOnlyList<UserId> Users(ref Fields d, ReadOnlySpan<byte> name, int most)
    {
        var ids = d.Ids(name, most);
        var users = new UserId[ids.Count];
        for (var i = 0; i < users.Length; i++)
            users[i] = new UserId(ids[i]);
        return users;
    }
}
