using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using static ChatAi.Wire.Tests.Client.Sample;

namespace ChatAi.Wire.Tests.Client;

public sealed class ServerFramesTests
{
    private const string M = "0198c0de-0000-7000-8000-00000000000d";
    private const string I = "0198c0de-0000-7000-8000-00000000000e";
    private const string R = "0198c0de-0000-7000-8000-00000000000f";
    private const string Head = $"\"chat\":\"{C}\",\"seq\":7,\"ts\":\"{Ts}\"";

    public static TheoryData<INumberedChatEvent, string> DurableEvents =>
        new()
        {
            {
                new ChatEvents.ChatCreated(
                    7,
                    ChatType.Group,
                    "Tea",
                    Ann,
                    [new NewMember(Ann, MemberRole.Owner), new NewMember(Bob, MemberRole.Member)],
                    Time
                ),
                $$$"""{"ev":"chat.created",{{{Head}}},"d":{"type":"group","title":"Tea","by":"{{{A}}}","members":[{"user":"{{{A}}}","role":"owner"},{"user":"{{{B}}}","role":"member"}]}}"""
            },
            {
                new ChatEvents.ChatCreated(7, ChatType.OneToOne, null, Ann, [], Time),
                $$$"""{"ev":"chat.created",{{{Head}}},"d":{"type":"1_to_1","by":"{{{A}}}","members":[]}}"""
            },
            {
                new ChatEvents.MessageSent(7, Message, Ann, false, "hi", Cid, null, null, [], Time),
                $$$"""{"ev":"message.created",{{{Head}}},"d":{"msg":"{{{M}}}","sender":"{{{A}}}","is_ai":false,"text":"hi","cid":"{{{I}}}"}}"""
            },
            {
                new ChatEvents.MessageSent(7, Message, UserId.Assistant, true, "ok", Cid, 3, Run, [1, 2], Time),
                $$$"""{"ev":"message.created",{{{Head}}},"d":{"msg":"{{{M}}}","sender":"00000000-0000-0000-0000-0000000000a1","is_ai":true,"text":"ok","cid":"{{{I}}}","reply_to":3,"run":"{{{R}}}","cites":[1,2]}}"""
            },
            {
                new ChatEvents.MessageSent(7, Message, Ann, false, "", Cid, null, null, [], Time)
                {
                    Attachments =
                    [
                        new Attachment(new AttachmentId(Run.Value), "00", "c1", 5, "image/png", "a.png", 3, 2),
                    ],
                },
                $$$"""{"ev":"message.created",{{{Head}}},"d":{"msg":"{{{M}}}","sender":"{{{A}}}","is_ai":false,"text":"","cid":"{{{I}}}","attachments":[{"id":"{{{R}}}","name":"a.png","type":"image/png","size":5,"width":3,"height":2}]}}"""
            },
            {
                // Deleted since: without its text.
                new ChatEvents.MessageSent(7, Message, Ann, false, "", Cid, null, null, [], Time),
                $$$"""{"ev":"message.created",{{{Head}}},"d":{"msg":"{{{M}}}","sender":"{{{A}}}","is_ai":false,"cid":"{{{I}}}"}}"""
            },
            {
                new ChatEvents.MessageEdited(7, 4, Ann, "hello", Time),
                $$$"""{"ev":"message.edited",{{{Head}}},"d":{"target":4,"by":"{{{A}}}","text":"hello"}}"""
            },
            {
                new ChatEvents.MessageEdited(7, 4, Ann, "", Time),
                $$$"""{"ev":"message.edited",{{{Head}}},"d":{"target":4,"by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.MessageDeleted(7, 4, Ann, Bob, Time),
                $$$"""{"ev":"message.deleted",{{{Head}}},"d":{"target":4,"by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.MessageReacted(7, 4, Ann, "+1", Time),
                $$$"""{"ev":"message.reacted",{{{Head}}},"d":{"target":4,"by":"{{{A}}}","emoji":"+1"}}"""
            },
            {
                new ChatEvents.MessageReacted(7, 4, Ann, null, Time),
                $$$"""{"ev":"message.reacted",{{{Head}}},"d":{"target":4,"by":"{{{A}}}","emoji":null}}"""
            },
            {
                new ChatEvents.MemberAdded(7, Bob, MemberRole.Member, Ann, Time),
                $$$"""{"ev":"member.added",{{{Head}}},"d":{"user":"{{{B}}}","role":"member","by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.MemberRemoved(7, Bob, Ann, Time),
                $$$"""{"ev":"member.removed",{{{Head}}},"d":{"user":"{{{B}}}","by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.MemberRoleChanged(7, Bob, MemberRole.Admin, Ann, Time),
                $$$"""{"ev":"member.role",{{{Head}}},"d":{"user":"{{{B}}}","role":"admin","by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.ChatUpdated(7, "Tea", Ann, Time),
                $$$"""{"ev":"chat.updated",{{{Head}}},"d":{"title":"Tea","by":"{{{A}}}"}}"""
            },
            {
                new ChatEvents.AiPolicyChanged(7, false, Ann, Time, AiSummon.Admins, true),
                $$$"""{"ev":"ai.policy",{{{Head}}},"d":{"ai_enabled":false,"ai_summon":"admins","ai_unasked":true,"by":"{{{A}}}"}}"""
            },
        };

    public static TheoryData<INotice, string> PassingEvents =>
        new()
        {
            {
                new Notices.Receipt(Chat, Ann, 5, 4),
                $$$"""{"ev":"receipt","chat":"{{{C}}}","d":{"user":"{{{A}}}","recv":5,"read":4}}"""
            },
            {
                new Notices.Typing(Chat, Ann, true),
                $$$"""{"ev":"typing","chat":"{{{C}}}","d":{"user":"{{{A}}}","on":true}}"""
            },
            {
                new Notices.Presence(Ann, true, null),
                $$$"""{"ev":"presence","d":{"user":"{{{A}}}","online":true,"last_active_at":null}}"""
            },
            {
                new Notices.Presence(Ann, false, Time),
                $$$"""{"ev":"presence","d":{"user":"{{{A}}}","online":false,"last_active_at":"{{{Ts}}}"}}"""
            },
            {
                new Notices.AiStarted(Chat, Run, Ann, AiRunKind.CatchUp),
                $$$"""{"ev":"ai.started","chat":"{{{C}}}","d":{"run":"{{{R}}}","by":"{{{A}}}","kind":"catchup"}}"""
            },
            {
                new Notices.AiDelta(Chat, Run, 12, "and"),
                $$$"""{"ev":"ai.delta","chat":"{{{C}}}","d":{"run":"{{{R}}}","off":12,"text":"and"}}"""
            },
            {
                new Notices.AiEnded(Chat, Run, AiRunStatus.Done, "all", [3], null),
                $$$"""{"ev":"ai.ended","chat":"{{{C}}}","d":{"run":"{{{R}}}","status":"done","text":"all","cites":[3]}}"""
            },
            {
                new Notices.AiEnded(
                    Chat,
                    Run,
                    AiRunStatus.Failed,
                    null,
                    [],
                    new Rejection(ErrorCode.AiBusy, "9 requests wait.")
                ),
                $$$$"""{"ev":"ai.ended","chat":"{{{{C}}}}","d":{"run":"{{{{R}}}}","status":"failed","err":{"code":"ai_busy","msg":"9 requests wait.","retry":true}}}"""
            },
            {
                new Notices.AiEnded(Chat, Run, AiRunStatus.Cancelled, null, [], null),
                $$$"""{"ev":"ai.ended","chat":"{{{C}}}","d":{"run":"{{{R}}}","status":"cancelled"}}"""
            },
        };

    [Theory]
    [MemberData(nameof(DurableEvents))]
    public void Should_write_durable_events(INumberedChatEvent e, string expected) =>
        Assert.Equal(expected, Text(ServerFrames.Durable(Chat, e)));

    [Theory]
    [MemberData(nameof(PassingEvents))]
    public void Should_write_ephemeral_events(INotice notice, string expected) =>
        Assert.Equal(expected, Text(ServerFrames.Of(notice)));

    [Fact]
    public void Should_have_a_frame_for_every_numbered_event()
    {
        var known = DurableEvents.Select(row => ((object[])row)[0].GetType()).ToHashSet();
        var all = typeof(ChatEvents).GetNestedTypes().Where(t => t.IsAssignableTo(typeof(INumberedChatEvent)));
        Assert.Empty(all.Except(known));
    }

    [Fact]
    public void Should_not_tell_clients_of_changed_settings_of_other_devices() =>
        Assert.Null(ServerFrames.Of(new Notices.ChatTouched(Chat)));

    [Fact]
    public void Should_write_answers()
    {
        Assert.Equal(
            $$$"""{"re":2,"ok":{"chat":"{{{C}}}","seq":4218,"msg":"{{{M}}}","ts":"{{{Ts}}}","dup":false}}""",
            Text(ServerFrames.Sent(2, Chat, new ChatAnswer.Sent(4218, Message, Time, false)))
        );
        Assert.Equal("""{"re":9,"ok":{}}""", Text(ServerFrames.Done(9)));
        Assert.Equal("{}", Text(ServerFrames.Ping));
        Assert.Equal(
            """{"re":3,"err":{"code":"rate_limited","msg":"slow down","retry":true,"after_ms":1200}}""",
            Text(ServerFrames.Err(3, new Rejection(ErrorCode.RateLimited, "slow down", 1200)))
        );
        Assert.Equal(
            """{"re":3,"err":{"code":"not_found","msg":"There is no such chat.","retry":false}}""",
            Text(ServerFrames.Err(3, new Rejection(ErrorCode.NotFound, "There is no such chat.")))
        );
        Assert.Equal(
            $$$"""{"ev":"inbox","chat":"{{{C}}}","d":{"head":88,"unread":5}}""",
            Text(ServerFrames.Inbox(Chat, 88, 5))
        );
        Assert.Equal("""{"ev":"drain","d":{"within_ms":1000}}""", Text(ServerFrames.Drain(1000)));
    }

    [Fact]
    public void Should_write_the_answer_to_hello()
    {
        var hello = new HelloAnswer(
            Run.Value,
            Ann,
            Time,
            TimeSpan.FromSeconds(25),
            TimeSpan.FromSeconds(10),
            "e7",
            new ResumeAnswer(true, [new ResumedChat(Chat, 4217, false, [])])
        );
        Assert.Equal(
            """{"re":1,"ok":{"session":"R","user":"A","ai_user":"00000000-0000-0000-0000-0000000000a1","now":"T","ping_ms":25000,"pong_ms":10000,"epoch":"e7","limits":{"frame":65536,"text":16384,"inflight":64},"resume":{"ok":true,"chats":{"C":{"head":4217,"limited":false}}}}}"""
                .Replace("\"R\"", $"\"{R}\"", StringComparison.Ordinal)
                .Replace("\"A\"", $"\"{A}\"", StringComparison.Ordinal)
                .Replace("\"T\"", $"\"{Ts}\"", StringComparison.Ordinal)
                .Replace("\"C\"", $"\"{C}\"", StringComparison.Ordinal),
            Text(ServerFrames.Ok(1, hello, HelloAnswer.Write))
        );
        Assert.EndsWith(
            """ "inflight":64}}}""".Trim(),
            Text(ServerFrames.Ok(1, hello with { Resume = null }, HelloAnswer.Write)),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            """ "resume":{"ok":false,"chats":{}}}}""".Trim(),
            Text(ServerFrames.Ok(1, hello with { Resume = ResumeAnswer.OtherEpoch }, HelloAnswer.Write)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Should_keep_any_text_as_it_is()
    {
        const string text = "<b>é</b> \"q\" \\ \u2028 \u0007 日本 👩‍👩‍👧 \u007f";
        var frame = ServerFrames.Durable(
            Chat,
            new ChatEvents.MessageSent(7, Message, Ann, false, text, Cid, null, null, [], Time)
        );
        using var read = System.Text.Json.JsonDocument.Parse(frame);
        Assert.Equal(text, read.RootElement.GetProperty("d").GetProperty("text").GetString());
    }
}
