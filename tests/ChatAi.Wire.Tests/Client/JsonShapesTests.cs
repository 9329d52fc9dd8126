using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using static ChatAi.Wire.Tests.Client.Sample;

namespace ChatAi.Wire.Tests.Client;

public sealed class JsonShapesTests
{
    private const string M = "0198c0de-0000-7000-8000-00000000000d";
    private const string I = "0198c0de-0000-7000-8000-00000000000e";
    private const string R = "0198c0de-0000-7000-8000-00000000000f";

    private static readonly ChatView Direct = new(
        Chat,
        ChatType.OneToOne,
        null,
        Time,
        null,
        9,
        8,
        7,
        2,
        true,
        false,
        false,
        true,
        Bob,
        44
    );

    private static readonly AiProvenance Provenance = new("openai", "m1", null, "p1", 2, 3, 8, 100, 20, Time, null);

    [Fact]
    public void Should_write_a_chat()
    {
        const string direct =
            $$"""{"id":"{{C}}","type":"1_to_1","title":null,"last_message_at":"{{Ts}}","last_message_preview":null,"head":9,"recv":8,"read":7,"unread":2,"muted":true,"archived":false,"pinned":false,"ai_enabled":true,"ai_summon":"everyone","ai_unasked":false,"peer":"{{B}}"}""";
        Assert.Equal(direct, Write(Direct, ChatJson.WriteChat));
        var group = Direct with
        {
            Type = ChatType.Group,
            Title = "Tea",
            LastMessagePreview = "hi",
            Peer = null,
            Members = [new MemberView(Ann, MemberRole.Admin, 1, 0)],
        };
        Assert.Equal(
            $$"""{"id":"{{C}}","type":"group","title":"Tea","last_message_at":"{{Ts}}","last_message_preview":"hi","head":9,"recv":8,"read":7,"unread":2,"muted":true,"archived":false,"pinned":false,"ai_enabled":true,"ai_summon":"everyone","ai_unasked":false,"members":[{"user":"{{A}}","role":"admin","recv":1,"read":0}]}""",
            Write(group, ChatJson.WriteChat)
        );
        Assert.Equal(
            $$"""{"chats":[{{direct}}],"next":"abc"}""",
            Write(new ChatList([Direct], "abc"), ChatJson.WriteChats)
        );
        Assert.Equal("""{"chats":[],"next":null}""", Write(new ChatList([], null), ChatJson.WriteChats));
    }

    [Fact]
    public void Should_write_a_message()
    {
        var plain = new ChatMessage(
            3,
            Message,
            Ann,
            false,
            "hi",
            Cid,
            Time,
            null,
            null,
            false,
            ChatMessage.NoReactions,
            null,
            []
        );
        const string start = $$"""{"msg":"{{M}}","chat":"{{C}}","seq":3,"sender":"{{A}}","is_ai":""";
        Assert.Equal(
            $$"""{"messages":[{{start}}false,"text":"hi","cid":"{{I}}","ts":"{{Ts}}"}],"has_more":true}""",
            Write(new MessagePage(Chat, [plain], true), ChatJson.WriteMessages)
        );
        var rich = plain with
        {
            IsAi = true,
            ReplyTo = 2,
            EditedAt = Time,
            Reactions = new Dictionary<UserId, string> { [Bob] = "+1" },
            Run = Run,
            Cites = [1, 2],
        };
        Assert.Equal(
            $$"""{{start}}true,"text":"hi","cid":"{{I}}","ts":"{{Ts}}","reply_to":2,"edited_at":"{{Ts}}","reactions":[{"user":"{{B}}","emoji":"+1"}],"run":"{{R}}","cites":[1,2]}""",
            Write(rich, (w, m) => ChatJson.WriteMessage(w, Chat, m))
        );
        Assert.Equal(
            $$"""{{start}}false,"text":"","cid":"{{I}}","ts":"{{Ts}}","deleted":true}""",
            Write(plain with { Deleted = true, Text = "" }, (w, m) => ChatJson.WriteMessage(w, Chat, m))
        );
    }

    [Fact]
    public void Should_write_small_answers()
    {
        Assert.Equal("""{"seq":5}""", Write(new NumberedAnswer(5), ChatJson.WriteNumbered));
        Assert.Equal("{}", Write(Nothing.Instance, ChatJson.WriteNothing));
        Assert.Equal($$"""{"run":"{{R}}"}""", Write(new RunStarted(Run), AiJson.WriteStarted));
        Assert.Equal(
            $$"""{"users":[{"user":"{{A}}","online":true},{"user":"{{B}}","online":false,"last_active_at":"{{Ts}}"}]}""",
            Write(
                new PresenceList([
                    new UserProtocol.Presence(0, Ann, true, null),
                    new UserProtocol.Presence(0, Bob, false, Time),
                ]),
                ChatJson.WritePresence
            )
        );
        Assert.Equal(
            $$$"""{"events":[{"ev":"ai.policy","chat":"{{{C}}}","seq":2,"ts":"{{{Ts}}}","d":{"ai_enabled":true,"ai_summon":"everyone","ai_unasked":false,"by":"{{{A}}}"}}],"head":4,"has_more":true}""",
            Write(
                new EventPage(Chat, [new ChatEvents.AiPolicyChanged(2, true, Ann, Time)], 4, true),
                ChatJson.WriteEvents
            )
        );
    }

    [Fact]
    public void Should_write_a_summary()
    {
        var summary = new RollingSummary("so far", 1, 90, Message, "00", [4, 9], Provenance, Time);
        Assert.Equal(
            $$"""{"rolling_summary_text":"so far","latest_summarized_msg_id":"{{M}}","latest_summarized_seq":90,"unseen_count":12,"updated_at":"{{Ts}}","cites":[4,9]}""",
            Write(new SummaryState(summary, 12), AiJson.WriteSummary)
        );
    }

    [Fact]
    public void Should_write_a_run()
    {
        var run = new AiRunRow(
            Run,
            Chat,
            AiRunKind.Reply,
            Ann,
            false,
            AiRunStatus.Done,
            "é!",
            7,
            [3],
            Provenance,
            null,
            Time,
            Time
        );
        Assert.Equal("""{"status":"done","text":"é!","off":2}""", Write(new RunState(run), AiJson.WriteSnapshot));
        Assert.Equal(
            $$"""{"run":"{{R}}","chat":"{{C}}","kind":"reply","by":"{{A}}","private":false,"status":"done","text":"é!","off":2,"seq":7,"cites":[3],"requested_at":"{{Ts}}","ended_at":"{{Ts}}","provider":"openai","model":"m1","model_sha256":null,"prompt_version":"p1","summary_version":2,"first_seq":3,"last_seq":8,"tokens_in":100,"tokens_out":20,"started_at":"{{Ts}}","first_token_at":null}""",
            Write(new RunState(run), AiJson.WriteRun)
        );
        var withPieces = run with
        {
            Provenance = Provenance with
            {
                Seed = -7,
                TokensCached = 90,
                Pieces = new AiPieces(4, 1),
                Blocks = [new AiUsedBlock(1, 385, "blocks.v1")],
            },
        };
        Assert.EndsWith(
            """
            "seed":"-7","tokens_cached":90,"pieces":{"asked":4,"kept":1},"blocks":[{"level":1,"first_seq":385,"last_seq":768,"version":"blocks.v1"}]}
            """.Trim(),
            Write(new RunState(withPieces), AiJson.WriteRun),
            StringComparison.Ordinal
        );
        var waiting = run with
        {
            Status = AiRunStatus.Queued,
            Text = null,
            MessageSeq = null,
            Cites = [],
            Provenance = null,
            EndedAt = null,
        };
        Assert.Equal(
            $$"""{"run":"{{R}}","chat":"{{C}}","kind":"reply","by":"{{A}}","private":false,"status":"queued","text":"","off":0,"cites":[],"requested_at":"{{Ts}}"}""",
            Write(new RunState(waiting), AiJson.WriteRun)
        );
    }
}
