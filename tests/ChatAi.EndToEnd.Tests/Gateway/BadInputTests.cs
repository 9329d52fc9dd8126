using System.Net.WebSockets;
using System.Text;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>Input of every wrong kind gets its code and touches nobody else.</summary>
public sealed class BadInputTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Should_answer_wrong_requests_and_go_on()
    {
        await using var others = await server.BystandersAsync();
        var ann = others.Ann;
        var chat = others.Chat;
        var cid = Guid.CreateVersion7();
        (string Op, string D, string Code)[] wrong =
        [
            ("nope", "{}", "unsupported"),
            ("search", "{}", "bad_request"),
            ("search", """{"q":" "}""", "bad_request"),
            ("search", $$"""{"q":"{{new string('x', 257)}}"}""", "too_large"),
            ("search", """{"q":"x","before":"gibberish"}""", "bad_request"),
            ("search", $$"""{"q":"x","chat":"{{Guid.CreateVersion7()}}"}""", "not_found"),
            ("hello", "{}", "bad_request"),
            ("message.send", """{"text":"x"}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":7}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":""}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":"\ud800"}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":"\u0000"}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"not-a-uuid","text":"x"}""", "bad_request"),
            ("message.send", $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":"x","reply_to":99}""", "bad_request"),
            (
                "message.send",
                $$"""{"chat":"{{chat}}","cid":"{{cid}}","text":"{{new string('x', 16_385)}}"}""",
                "too_large"
            ),
            ("message.send", $$"""{"chat":"{{Guid.CreateVersion7()}}","cid":"{{cid}}","text":"x"}""", "not_found"),
            ("message.send", $$"""{"to":"{{Guid.CreateVersion7()}}","cid":"{{cid}}","text":"x"}""", "not_found"),
            ("message.edit", $$"""{"chat":"{{chat}}","seq":999,"text":"x"}""", "not_found"),
            ("chat.get", $$"""{"chat":"{{Guid.CreateVersion7()}}"}""", "not_found"),
            ("chat.create", """{"type":"group","members":["00000000-0000-7000-8000-000000000000"]}""", "not_found"),
            ("chat.create", """{"type":"1_to_1","members":[]}""", "bad_request"),
            ("chat.list", """{"before":"gibberish"}""", "bad_request"),
            ("chat.set", $$"""{"chat":"{{chat}}","title":"x"}""", "bad_request"),
            ("member.add", $$"""{"chat":"{{chat}}","users":[]}""", "bad_request"),
            ("history.get", $$"""{"chat":"{{chat}}","before":1,"after":1}""", "bad_request"),
            ("sync.get", $$"""{"chat":"{{chat}}","after":-1}""", "bad_request"),
            ("ai.ask", $$"""{"chat":"{{chat}}","kind":"rolling"}""", "bad_request"),
            ("ai.cancel", $$"""{"run":"{{Guid.NewGuid()}}"}""", "not_found"),
            ("ai.snapshot", $$"""{"run":"{{Guid.NewGuid()}}"}""", "not_found"),
            ("token.refresh", """{"token":"x"}""", "unauthenticated"),
        ];
        for (var i = 0; i < wrong.Length; i++)
        {
            var (op, d, code) = wrong[i];
            var id = 10_000 + i;
            var refused = await Assert.ThrowsAsync<ChatErrorException>(() =>
                ann.RequestRawAsync(id, $$"""{"id":{{id}},"op":"{{op}}","d":{{d}} }""")
            );
            Assert.True(code == refused.Code, $"{op} {d[..Math.Min(d.Length, 99)]}: {refused.Message}");
        }
        await others.ShouldStillTalkAsync();
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"id":1,"id":1,"op":"ack"}""")]
    [InlineData("""{"id":-1,"op":"ack"}""")]
    [InlineData("""{"id":1.5,"op":"ack"}""")]
    [InlineData("""{"op":7}""")]
    public async Task Should_close_with_4500_after_three_bad_frames_in_a_row(string frame)
    {
        await using var others = await server.BystandersAsync();
        await using var client = await (await server.SignUpAsync("Mallory")).ConnectAsync();
        await client.SendRawAsync(frame);
        await client.SendRawAsync(frame);
        // A good one in between starts the count again.
        await client.ListChatsAsync();
        await client.SendRawAsync(frame);
        await client.SendRawAsync(frame);
        await client.ListChatsAsync();
        for (var i = 0; i < 3; i++)
            await client.SendRawAsync(frame);
        Assert.Equal(4500, (await client.Closed.WaitAsync(Soon)).Code);
        await others.ShouldStillTalkAsync();
    }

    [Fact]
    public async Task Should_answer_a_bad_frame_that_has_an_id()
    {
        await using var client = await (await server.SignUpAsync("Mallory")).ConnectAsync();
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => client.RequestRawAsync(70, """{"id":70}"""));
        Assert.Equal("bad_request", refused.Code);
        await client.ListChatsAsync();
    }

    [Fact]
    public async Task Should_call_too_deep_json_a_bad_frame()
    {
        await using var client = await (await server.SignUpAsync("Mallory")).ConnectAsync();
        var deep = $$"""{"id":5,"op":"ack","d":{"x":{{new string('[', 30_000)}}{{new string(']', 30_000)}} } }""";
        for (var i = 0; i < 3; i++)
            await client.SendRawAsync(deep);
        Assert.Equal(4500, (await client.Closed.WaitAsync(Soon)).Code);
    }

    [Theory]
    [InlineData("no json", 4500)]
    [InlineData("""{"id":1,"op":"chat.list"}""", 4500)]
    [InlineData("""{"id":1,"op":"hello","d":{"token":5} }""", 4500)]
    [InlineData("""{"id":1,"op":"hello"}""", 4501)]
    [InlineData("""{"id":1,"op":"hello","d":{"token":"nonsense"} }""", 4501)]
    public async Task Should_close_at_once_what_begins_wrong(string frame, int code)
    {
        await using var client = await ChatClient.ConnectAsync(server.Url);
        await client.SendRawAsync("{}");
        await client.SendRawAsync(frame);
        Assert.Equal(code, (await client.Closed.WaitAsync(Soon)).Code);
    }

    [Fact]
    public async Task Should_close_with_4502_who_never_says_hello()
    {
        await using var client = await ChatClient.ConnectAsync(server.Url);
        Assert.Equal(4502, (await client.Closed.WaitAsync(TimeSpan.FromSeconds(25))).Code);
    }

    [Fact]
    public async Task Should_answer_each_of_two_requests_with_the_same_id()
    {
        var user = await server.SignUpAsync("Eve");
        await using var raw = await RawSocket.ConnectAsync(server.Url);
        await raw.SendTextAsync($$"""{"id":1,"op":"hello","d":{"token":"{{user.Tokens.AccessToken}}"} }""");
        await raw.ReceiveTextAsync();
        var frame = """{"id":7,"op":"chat.list"}""";
        byte[] one = [0x81, (byte)(0x80 | frame.Length), 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(frame)];
        await raw.SendRawAsync([.. one, .. one]);
        string[] answers = [await raw.ReceiveTextAsync(), await raw.ReceiveTextAsync()];
        // Whether the second comes while the first is unanswered is the scheduler's choice; then it is refused.
        Assert.Contains(answers, a => a.StartsWith("""{"re":7,"ok":""", StringComparison.Ordinal));
        Assert.All(
            answers,
            a =>
                Assert.True(
                    a.StartsWith("""{"re":7,"ok":""", StringComparison.Ordinal)
                        || a.StartsWith("""{"re":7,"err":{"code":"bad_request",""", StringComparison.Ordinal),
                    a
                )
        );
    }

    [Fact]
    public async Task Should_refuse_binary_frames()
    {
        await using var others = await server.BystandersAsync();
        await using var client = await (await server.SignUpAsync("Mallory")).ConnectAsync();
        await client.SendRawAsync("{}"u8.ToArray(), WebSocketMessageType.Binary);
        Assert.Equal(4500, (await client.Closed.WaitAsync(Soon)).Code);
        await others.ShouldStillTalkAsync();
    }

    [Fact]
    public async Task Should_take_a_frame_of_the_limit_in_pieces_and_refuse_one_byte_more()
    {
        await using var others = await server.BystandersAsync();
        await using var client = await (await server.SignUpAsync("Mallory")).ConnectAsync();
        var request = """{"id":90,"op":"chat.list","d":{}}""";
        var whole = Encoding.UTF8.GetBytes(request + new string(' ', 65_536 - request.Length));
        var answer = client.RequestRawAsync(90, request + new string(' ', 65_536 - request.Length));
        await answer;
        await client.SendRawAsync(whole.AsMemory(0, 1), endOfMessage: false);
        await client.SendRawAsync(whole.AsMemory(1, 30_000), endOfMessage: false);
        await client.SendRawAsync(whole.AsMemory(30_001));
        await client.ListChatsAsync();
        await client.SendRawAsync((byte[])[.. whole, (byte)' ']);
        Assert.Equal(4505, (await client.Closed.WaitAsync(Soon)).Code);
        await others.ShouldStillTalkAsync();
    }

    [Fact]
    public async Task Should_refuse_a_frame_that_never_ends()
    {
        await using var others = await server.BystandersAsync();
        await using var raw = await RawSocket.ConnectAsync(server.Url);
        await raw.SendAsync(RawSocket.Text, new byte[70_000], length: 1L << 40);
        Assert.Equal(4505, await raw.CloseCodeAsync());
        await others.ShouldStillTalkAsync();
    }

    [Theory]
    [InlineData("invalid UTF-8", 1007)]
    [InlineData("reserved opcode", 1002)]
    [InlineData("continuation of nothing", 1002)]
    public async Task Should_leave_breaches_of_the_websocket_protocol_to_its_own_codes(string what, int code)
    {
        await using var others = await server.BystandersAsync();
        await using var raw = await RawSocket.ConnectAsync(server.Url);
        switch (what)
        {
            case "invalid UTF-8":
                await raw.SendAsync(RawSocket.Text, [(byte)'"', 0xC3, 0x28, (byte)'"']);
                break;
            case "reserved opcode":
                await raw.SendAsync(11, "{}"u8.ToArray());
                break;
            default:
                await raw.SendAsync(0, "{}"u8.ToArray());
                break;
        }
        Assert.Equal(code, await raw.CloseCodeAsync());
        await others.ShouldStillTalkAsync();
    }

    [Fact]
    public async Task Should_survive_connections_that_break_off_anywhere()
    {
        await using var others = await server.BystandersAsync();
        var user = await server.SignUpAsync("Mallory");
        var hello = $$"""{"id":1,"op":"hello","d":{"token":"{{user.Tokens.AccessToken}}"} }""";
        for (var i = 0; i < 20; i++)
        {
            await using var raw = await RawSocket.ConnectAsync(server.Url);
            if (i % 4 > 0)
                await raw.SendTextAsync(hello);
            if (i % 4 > 1)
                await raw.SendTextAsync("""{"id":2,"op":"chat.list"}""");
            if (i % 4 > 2)
                await raw.SendAsync(RawSocket.Text, "{\"id\":3,"u8.ToArray(), final: false);
        }
        await others.ShouldStillTalkAsync();
    }

    [Fact]
    public async Task Should_survive_random_bytes()
    {
        await using var others = await server.BystandersAsync();
        var random = new Random(20_261_124);
        for (var i = 0; i < 40; i++)
        {
            await using var raw = await RawSocket.ConnectAsync(server.Url);
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                await raw.SendAsync(RawSocket.Text, [.. bytes.Select(b => (byte)(b & 0x7F))]);
            else
                await raw.SendRawAsync(bytes);
        }
        await others.ShouldStillTalkAsync();
    }
}
