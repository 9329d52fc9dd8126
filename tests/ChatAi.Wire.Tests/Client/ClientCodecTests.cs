using System.Text;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using CsCheck;
using static ChatAi.Wire.Tests.Client.Sample;

namespace ChatAi.Wire.Tests.Client;

public sealed class ClientCodecTests
{
    private const string E = "0198c0de-0000-7000-8000-00000000000e";

    public static TheoryData<string, string, ClientRequest> Requests =>
        new()
        {
            {
                "message.send",
                $$"""{"chat":"{{C}}","cid":"{{E}}","text":"hi","reply_to":3}""",
                new ClientRequest.SendMessage(Chat, null, Cid, "hi", 3)
            },
            {
                "message.send",
                $$"""{"to":"{{B}}","cid":"{{E}}","text":"hi","more":[1]}""",
                new ClientRequest.SendMessage(null, Bob, Cid, "hi", null)
            },
            {
                "message.send",
                $$"""{"chat":"{{C}}","to":null,"cid":"{{E}}","text":"\ud83d\ude00\n"}""",
                new ClientRequest.SendMessage(Chat, null, Cid, "😀\n", null)
            },
            {
                "message.send",
                $$"""{"chat":"{{C}}","cid":"{{E}}","text":"","attachments":[]}""",
                new ClientRequest.SendMessage(Chat, null, Cid, "", null)
            },
            { "ack", $$"""{"chat":"{{C}}","recv":4,"read":0}""", new ClientRequest.Acknowledge(Chat, 4, 0) },
            { "ack", $$"""{"chat":"{{C}}"}""", new ClientRequest.Acknowledge(Chat, null, null) },
            { "typing", $$"""{"chat":"{{C}}","on":false}""", new ClientRequest.SetTyping(Chat, false) },
            { "token.refresh", """{"token":"t"}""", new ClientRequest.RefreshToken("t") },
            { "chat.get", $$"""{"chat":"{{C}}"}""", new ClientRequest.GetChat(Chat) },
            { "chat.list", """{"limit":7,"before":"x"}""", new ClientRequest.ListChats(7, "x") },
            { "chat.list", """{"limit":1000}""", new ClientRequest.ListChats(100, null) },
            {
                "chat.set",
                $$"""{"chat":"{{C}}","title":"Tea","ai_enabled":false,"muted":true,"archived":false,"pinned":true}""",
                new ClientRequest.SetChat(Chat, "Tea", false, true, false, true)
            },
            {
                "chat.set",
                $$"""{"chat":"{{C}}","ai_summon":"admins","ai_unasked":true}""",
                new ClientRequest.SetChat(Chat, null, null, null, null, null, AiSummon.Admins, true)
            },
            { "member.remove", $$"""{"chat":"{{C}}","user":"{{B}}"}""", new ClientRequest.RemoveMember(Chat, Bob) },
            {
                "member.role",
                $$"""{"chat":"{{C}}","user":"{{B}}","role":"admin"}""",
                new ClientRequest.ChangeRole(Chat, Bob, MemberRole.Admin)
            },
            {
                "message.edit",
                $$"""{"chat":"{{C}}","seq":5,"text":"x"}""",
                new ClientRequest.EditMessage(Chat, 5, "x")
            },
            { "message.delete", $$"""{"chat":"{{C}}","seq":5}""", new ClientRequest.DeleteMessage(Chat, 5) },
            {
                "message.react",
                $$"""{"chat":"{{C}}","seq":5,"emoji":null}""",
                new ClientRequest.ReactToMessage(Chat, 5, null)
            },
            {
                "history.get",
                $$"""{"chat":"{{C}}","before":50,"limit":10}""",
                new ClientRequest.GetHistory(Chat, 50, null, 10)
            },
            { "sync.get", $$"""{"chat":"{{C}}","after":0}""", new ClientRequest.Sync(Chat, 0, null) },
            {
                "ai.ask",
                $$"""{"chat":"{{C}}","kind":"catchup","private":false}""",
                new ClientRequest.AskAssistant(Chat, AiRunKind.CatchUp, null, false)
            },
            { "ai.cancel", $$"""{"run":"{{E}}"}""", new ClientRequest.CancelRun(new RunId(new Guid(E))) },
            { "ai.snapshot", $$"""{"run":"{{E}}"}""", new ClientRequest.Snapshot(new RunId(new Guid(E))) },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Should_read_requests(string op, string d, ClientRequest expected)
    {
        var request = Assert.IsType<ClientFrame.Request>(Decode($$"""{"id":12,"op":"{{op}}","d":{{d}},"later":{} }"""));
        Assert.Equal(12, request.Id);
        Assert.Equal(expected, request.Body);
        Assert.Null(Assert.IsType<ClientFrame.Request>(Decode($$"""{"d":{{d}},"op":"{{op}}"}""")).Id);
    }

    [Fact]
    public void Should_read_lists_of_users()
    {
        var create = Body<ClientRequest.CreateChat>(
            "chat.create",
            $$"""{"type":"group","members":["{{A}}","{{B}}"],"title":"Tea"}"""
        );
        Assert.Equal((ChatType.Group, "Tea"), (create.Type, create.Title));
        Assert.Equal([Ann, Bob], create.Members);
        Assert.Equal(
            [Bob],
            Body<ClientRequest.AddMembers>("member.add", $$"""{"chat":"{{C}}","users":["{{B}}"]}""").Users
        );
        Assert.Equal([Ann], Body<ClientRequest.GetPresence>("presence.get", $$"""{"users":["{{A}}"]}""").Users);
    }

    [Fact]
    public void Should_read_hello()
    {
        var hello = Body<ClientRequest.Hello>(
            "hello",
            $$"""{"token":"t","device":"phone","client":"web/1","resume":{"epoch":"e7","chats":{"{{C}}":4211} } }"""
        );
        Assert.Equal("t", hello.Token);
        Assert.Equal("e7", hello.Resume!.Epoch);
        Assert.Equal(4211, Assert.Single(hello.Resume.Chats, mark => mark.Key == Chat).Value);
        Assert.Equal(new ClientRequest.Hello(null, null), Body<ClientRequest.Hello>("hello", "null"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" { } ")]
    [InlineData("""{"unknown":1}""", false)]
    public void Should_tell_a_pong(string frame, bool isPong = true) =>
        Assert.Equal(isPong, Decode(frame) is ClientFrame.Pong);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":1,\"op\":\"ack\",\"d\":{}")]
    [InlineData("""{"id":1,"op":"ack"} {"id":2}""")]
    [InlineData("""{"id":1,"id":2,"op":"ack"}""")]
    [InlineData("""{"id":1,"op":"ack","d":{"chat":"x","chat":"y"}}""")]
    [InlineData("""{"id":1,"op":"ack","d":{"x":{"y":1,"y":2}}}""")]
    [InlineData("""{"id":1,"op":"ack",}""")]
    [InlineData("""{"id":1,/* */"op":"ack"}""")]
    [InlineData("""{"\ud800":1,"op":"ack"}""")]
    [InlineData("\ufeff{}")]
    public void Should_call_bad_what_is_no_json_object(string frame)
    {
        var bad = Assert.IsType<ClientFrame.Bad>(Decode(frame));
        Assert.Null(bad.Id);
        Assert.Equal(ErrorCode.BadRequest, bad.Rejection.Code);
    }

    [Theory]
    [InlineData("""{"id":0,"op":"ack"}""", null)]
    [InlineData("""{"id":-1,"op":"ack"}""", null)]
    [InlineData("""{"id":1.5,"op":"ack"}""", null)]
    [InlineData("""{"id":"1","op":"ack"}""", null)]
    [InlineData("""{"id":null,"op":"ack"}""", null)]
    [InlineData("""{"id":99999999999999999999,"op":"ack"}""", null)]
    [InlineData("""{"id":4}""", 4L)]
    [InlineData("""{"id":4,"op":7}""", 4L)]
    [InlineData("""{"id":4,"op":null}""", 4L)]
    public void Should_call_bad_what_is_no_request(string frame, long? id) =>
        Assert.Equal(id, Assert.IsType<ClientFrame.Bad>(Decode(frame)).Id);

    [Fact]
    public void Should_call_bad_what_is_too_deep()
    {
        static string Nested(int levels) =>
            $$"""{"id":1,"op":"nope","d":{"x":{{new string('[', levels)}}{{new string(']', levels)}} } }""";
        Assert.IsType<ClientFrame.Refused>(Decode(Nested(ClientCodec.MaxDepth - 2)));
        Assert.IsType<ClientFrame.Bad>(Decode(Nested(ClientCodec.MaxDepth - 1)));
        Assert.IsType<ClientFrame.Bad>(Decode(Nested(30_000)));
    }

    [Fact]
    public void Should_call_bad_what_is_no_utf8()
    {
        byte[] frame = [.. "{\"id\":1,\"op\":\"nope\",\"d\":{\"x\":\""u8, 0xC3, 0x28, .. "\"}}"u8];
        Assert.IsType<ClientFrame.Bad>(ClientCodec.Decode(frame));
    }

    [Theory]
    [InlineData("ack", """{"chat":"nope"}""", "'chat'")]
    [InlineData("ack", """{"chat":7}""", "'chat'")]
    [InlineData("ack", "{}", "'chat'")]
    [InlineData("ack", """{"chat":"0198C0DE-0000-7000-8000-00000000000C"}""", "'chat'")]
    [InlineData("ack", """{"chat":"{0198c0de-0000-7000-8000-00000000000c}"}""", "'chat'")]
    [InlineData("ack", "[]", "'d'")]
    [InlineData("ack", "7", "'d'")]
    [InlineData("ack", $$"""{"chat":"{{C}}","read":1.5}""", "'read'")]
    [InlineData("ack", $$"""{"chat":"{{C}}","read":-1}""", "'read'")]
    [InlineData("ack", $$"""{"chat":"{{C}}","read":1e99}""", "'read'")]
    [InlineData("ack", $$"""{"chat":"{{C}}","recv":"4"}""", "'recv'")]
    [InlineData("typing", $$"""{"chat":"{{C}}","on":1}""", "'on'")]
    [InlineData("typing", $$"""{"chat":"{{C}}"}""", "'on'")]
    [InlineData("message.send", $$"""{"cid":"{{A}}","text":"x"}""", "'to'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","to":"{{B}}","cid":"{{A}}","text":"x"}""", "'to'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","text":"x"}""", "'cid'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","cid":"{{A}}"}""", "'text'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","cid":"{{A}}","text":{} }""", "'text'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","cid":"{{A}}","text":"\ud800"}""", "'text'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","cid":"{{A}}","text":"\udc00\ud800"}""", "'text'")]
    [InlineData("message.send", $$"""{"chat":"{{C}}","cid":"{{A}}","text":"a\u0000"}""", "'text'")]
    [InlineData("chat.create", """{"type":"1:1","members":[]}""", "'1_to_1'")]
    [InlineData("chat.create", """{"type":"group","members":["x"]}""", "'members'")]
    [InlineData("chat.create", """{"type":"group","members":{}}""", "'members'")]
    [InlineData("chat.create", """{"type":"group"}""", "'members'")]
    [InlineData("chat.list", """{"limit":0}""", "'limit'")]
    [InlineData("chat.list", """{"limit":"5"}""", "'limit'")]
    [InlineData("history.get", $$"""{"chat":"{{C}}","before":1,"after":1}""", "'before'")]
    [InlineData("sync.get", $$"""{"chat":"{{C}}"}""", "'after'")]
    [InlineData("ai.ask", $$"""{"chat":"{{C}}","kind":"rolling"}""", "'catchup'")]
    [InlineData("search", "{}", "'q'")]
    [InlineData("search", """{"q":7}""", "'q'")]
    [InlineData("search", """{"q":"x","chat":"y"}""", "'chat'")]
    [InlineData("search", """{"q":"x","limit":0}""", "'limit'")]
    [InlineData("hello", """{"token":5}""", "'token'")]
    [InlineData("hello", """{"token":"t","resume":[]}""", "'resume'")]
    [InlineData("hello", """{"token":"t","resume":{"chats":{"x":1}}}""", "'chats'")]
    [InlineData("hello", $$"""{"token":"t","resume":{"chats":{"{{C}}":"1"} } }""", "'chats'")]
    public void Should_say_what_is_wrong_with_a_request(string op, string d, string named)
    {
        var refused = Assert.IsType<ClientFrame.Refused>(Decode($$"""{"id":3,"op":"{{op}}","d":{{d}} }"""));
        Assert.Equal(3, refused.Id);
        Assert.Equal(ErrorCode.BadRequest, refused.Rejection.Code);
        Assert.Contains(named, refused.Rejection.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("find")]
    [InlineData("Hello")]
    [InlineData("")]
    [InlineData("message.send ")]
    public void Should_call_unsupported_what_it_does_not_know(string op)
    {
        var refused = Assert.IsType<ClientFrame.Refused>(Decode($$"""{"id":3,"op":"{{op}}","d":{"q":"x"} }"""));
        Assert.Equal((3, ErrorCode.Unsupported), (refused.Id, refused.Rejection.Code));
    }

    [Fact]
    public void Should_refuse_too_many_users_and_chats()
    {
        var ids = Enumerable.Range(0, 1_001).Select(i => $"\"0198c0de-0000-7000-8000-{i:x12}\"").ToList();
        var refused = Assert.IsType<ClientFrame.Refused>(
            Decode($$"""{"id":3,"op":"chat.create","d":{"type":"group","members":[{{string.Join(',', ids)}}]} }""")
        );
        Assert.Equal(ErrorCode.TooLarge, refused.Rejection.Code);
        var marks = string.Join(',', ids.Select(id => $"{id}:1"));
        refused = Assert.IsType<ClientFrame.Refused>(
            Decode($$"""{"id":3,"op":"hello","d":{"resume":{"chats":{ {{marks}} } } } }""")
        );
        Assert.Equal(ErrorCode.BadRequest, refused.Rejection.Code);
    }

    [Fact]
    public void Should_never_throw_at_any_bytes() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ClientCodec.Decode(bytes) is not null, iter: 20_000);

    [Fact]
    public void Should_never_throw_at_damaged_frames()
    {
        var frames = Requests
            .Select(row => ((object[])row))
            .Select(row => Encoding.UTF8.GetBytes($$"""{"id":1,"op":"{{row[0]}}","d":{{row[1]}} }"""))
            .ToArray();
        var damage = Gen.Select(Gen.Int[0, 199], Gen.Byte, Gen.Bool).Array[1, 6];
        Gen.Select(Gen.Int[0, frames.Length - 1], damage)
            .Sample(
                (index, changes) =>
                {
                    var bytes = frames[index].ToList();
                    foreach (var (at, value, insert) in changes)
                    {
                        if (insert)
                            bytes.Insert(at % bytes.Count, value);
                        else
                            bytes[at % bytes.Count] = value;
                    }
                    return ClientCodec.Decode(bytes.ToArray()) is not null;
                },
                iter: 50_000
            );
    }

    [Fact]
    public void Should_only_let_storable_texts_through() =>
        Gen
            .Char.Array[0, 20]
            .Sample(chars =>
            {
                var escaped = string.Concat(chars.Select(c => $"\\u{(int)c:x4}"));
                var frame = Decode($$"""{"op":"message.edit","d":{"chat":"{{C}}","seq":1,"text":"{{escaped}}"} }""");
                return frame is ClientFrame.Request { Body: ClientRequest.EditMessage edit }
                    ? edit.Text == new string(chars) && TextRules.IsStorable(edit.Text)
                    : !TextRules.IsStorable(chars);
            });

    private static ClientFrame Decode(string frame) => ClientCodec.Decode(Encoding.UTF8.GetBytes(frame));

    private static T Body<T>(string op, string d)
        where T : ClientRequest =>
        Assert.IsType<T>(Assert.IsType<ClientFrame.Request>(Decode($$"""{"id":1,"op":"{{op}}","d":{{d}} }""")).Body);
}
