using System.IO.Compression;
using System.Text;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>Whatever the bytes: a problem with its code, and the server goes on.</summary>
[Collection(HttpServer.Collection)]
public sealed class BadInputTests(HttpServer server)
{
    public static TheoryData<string, string, int, string> Bodies =>
        new()
        {
            { "", "application/json", 400, "bad_request" },
            { "{", "application/json", 400, "bad_request" },
            { "[]", "application/json", 400, "bad_request" },
            { "null", "application/json", 400, "bad_request" },
            { "{}", "application/json", 400, "bad_request" },
            { """{"phone":null}""", "application/json", 400, "bad_request" },
            { """{"phone":4915123456789}""", "application/json", 400, "bad_request" },
            { """{"phone":["+4915123456789"]}""", "application/json", 400, "bad_request" },
            { """{"phone":"\ud800"}""", "application/json", 400, "bad_request" },
            { """{"phone":"+4915123456789","phone":"+4915123456789"}""", "application/json", 400, "bad_request" },
            { """{"phone":"+4915123456789"} {}""", "application/json", 400, "bad_request" },
            { """{"phone":"not a number"}""", "application/json", 400, "bad_request" },
            { """{"phone":"+4915123456789"}""", "text/plain", 400, "bad_request" },
            { """{"phone":"+4915123456789"}""", "application/x-www-form-urlencoded", 400, "bad_request" },
            { """{"phone":"+4915123456789"}""", "application/json; charset=utf-16", 400, "bad_request" },
            { """{"phone":"+4915123456789"}""", "not a type", 400, "bad_request" },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Should_say_what_is_wrong_with_a_body(string body, string type, int status, string code)
    {
        var answer = await server.Api.RawAsync(HttpMethod.Post, "/v1/auth/code", RawCalls.Text(body, type));
        AssertProblem(answer, status, code);
    }

    [Fact]
    public async Task Should_not_unpack_a_packed_body()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            await gzip.WriteAsync(new byte[10_000_000]);
        using var body = RawCalls.Bytes(packed.ToArray());
        body.Headers.ContentEncoding.Add("gzip");
        AssertProblem(await server.Api.RawAsync(HttpMethod.Post, "/v1/auth/code", body), 400, "bad_request");
    }

    [Fact]
    public async Task Should_refuse_bytes_that_are_no_text()
    {
        byte[] body = [.. "{\"phone\":\""u8, 0xFF, 0xFE, .. "\"}"u8];
        AssertProblem(
            await server.Api.RawAsync(HttpMethod.Post, "/v1/auth/code", RawCalls.Bytes(body)),
            400,
            "bad_request"
        );
    }

    [Theory]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task Should_refuse_a_body_above_64_KiB(int length)
    {
        var body = Encoding.ASCII.GetBytes("{\"phone\":\"" + new string('1', length - 12) + "\"}");
        Assert.Equal(length, body.Length);
        var declared = await server.Api.RawAsync(HttpMethod.Post, "/v1/auth/code", RawCalls.Bytes(body));
        AssertProblem(declared, 413, "too_large");
    }

    [Fact]
    public async Task Should_refuse_a_body_above_64_KiB_whose_length_is_not_declared()
    {
        using var content = new StreamContent(new Unseekable(new byte[100_000]));
        content.Headers.ContentType = new("application/json");
        AssertProblem(await server.Api.RawAsync(HttpMethod.Post, "/v1/auth/code", content), 413, "too_large");
    }

    public static TheoryData<string, string, string?, int, string> Calls =>
        new()
        {
            { "GET", "/v1/users/ABC", null, 400, "bad_request" },
            { "GET", "/v1/users/00000000-0000-0000-0000-0000000000A1", null, 400, "bad_request" },
            { "GET", "/v1/users/lookup", null, 400, "bad_request" },
            { "GET", "/v1/users/lookup?phone=abc", null, 400, "bad_request" },
            { "GET", "/v1/users/lookup?phone=%00", null, 400, "bad_request" },
            { "GET", "/v1/chats?limit=0", null, 400, "bad_request" },
            { "GET", "/v1/chats?limit=-1", null, 400, "bad_request" },
            { "GET", "/v1/chats?limit=x", null, 400, "bad_request" },
            { "GET", "/v1/chats?limit=1&limit=2", null, 400, "bad_request" },
            { "GET", "/v1/chats?before=$$$", null, 400, "bad_request" },
            { "GET", "/v1/chats?before=AAAA", null, 400, "bad_request" },
            { "GET", "/v1/chats/x", null, 400, "bad_request" },
            { "POST", "/v1/chats", "{}", 400, "bad_request" },
            { "POST", "/v1/chats", """{"type":"group"}""", 400, "bad_request" },
            { "POST", "/v1/chats", """{"type":"club","members":[]}""", 400, "bad_request" },
            { "POST", "/v1/chats", """{"type":"1_to_1","members":[]}""", 400, "bad_request" },
            { "POST", "/v1/chats", """{"type":"group","members":["x"]}""", 400, "bad_request" },
            { "POST", "/v1/chats", """{"type":"group","members":"x"}""", 400, "bad_request" },
            {
                "POST",
                "/v1/chats",
                """{"type":"group","members":["01900000-0000-7000-8000-000000000001"]}""",
                404,
                "not_found"
            },
            { "GET", "{chat}/messages?before=x", null, 400, "bad_request" },
            { "GET", "{chat}/messages?before=-1", null, 400, "bad_request" },
            { "GET", "{chat}/messages?before=5&after=1", null, 400, "bad_request" },
            { "GET", "{chat}/messages?after=99999999999999999999", null, 400, "bad_request" },
            { "POST", "{chat}/messages", """{"text":"hi"}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"x","text":"hi"}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}"}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":""}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":"  "}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":5}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":"a\u0000b"}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":"hi","reply_to":99}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":"hi","reply_to":"1"}""", 400, "bad_request" },
            { "POST", "{chat}/messages", """{"cid":"{new}","text":"{16385}"}""", 413, "too_large" },
            { "PATCH", "{chat}", """{"title":""}""", 400, "bad_request" },
            { "PATCH", "{chat}", """{"title":5}""", 400, "bad_request" },
            { "PATCH", "{chat}", """{"muted":"yes"}""", 400, "bad_request" },
            { "PATCH", "{chat}", """{"title":"{129}"}""", 413, "too_large" },
            { "POST", "{chat}/members", """{"users":[1]}""", 400, "bad_request" },
            { "POST", "{chat}/members", "{}", 400, "bad_request" },
            { "POST", "{chat}/members", """{"users":["00000000-0000-0000-0000-0000000000a1"]}""", 400, "bad_request" },
            { "DELETE", "{chat}/members/01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "DELETE", "{chat}/members/x", null, 400, "bad_request" },
            { "GET", "{chat}/summary", null, 404, "not_found" },
            { "POST", "{chat}/ai", "{}", 400, "bad_request" },
            { "POST", "{chat}/ai", """{"kind":"dance"}""", 400, "bad_request" },
            { "POST", "{chat}/ai", """{"kind":"rolling"}""", 400, "bad_request" },
            { "POST", "{chat}/ai", """{"kind":"reply","private":1}""", 400, "bad_request" },
            { "GET", "/v1/ai/runs/x", null, 400, "bad_request" },
            { "GET", "/v1/ai/runs/01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "DELETE", "/v1/ai/runs/01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "DELETE", "/v1/devices/x", null, 400, "bad_request" },
            { "GET", "/v1/nothing", null, 404, "not_found" },
            { "PUT", "/v1/me", null, 405, "unsupported" },
            { "GET", "/v1/search", null, 400, "bad_request" },
            { "GET", "/v1/search?q=x&limit=0", null, 400, "bad_request" },
            { "GET", "/v1/search?q=x&before=AAAA", null, 400, "bad_request" },
            { "GET", "/v1/search?q=x&chat=y", null, 400, "bad_request" },
            { "GET", "/v1/search?q=x&chat=01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "DELETE", "/v1/me", null, 501, "unsupported" },
            { "PUT", "/v1/blocks/x", null, 400, "bad_request" },
            { "PUT", "/v1/blocks/01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "GET", "/v1/blocks/01900000-0000-7000-8000-000000000001", null, 404, "not_found" },
            { "PUT", "/v1/blocks/00000000-0000-0000-0000-0000000000a1", null, 400, "bad_request" },
        };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Should_say_what_is_wrong_with_a_call(
        string method,
        string path,
        string? body,
        int status,
        string code
    )
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        using var content = body is null ? null : RawCalls.Text(Fill(body));
        var answer = await ada.Api.RawAsync(
            new HttpMethod(method),
            path.Replace("{chat}", $"/v1/chats/{chat}", StringComparison.Ordinal),
            content
        );
        AssertProblem(answer, status, code);
        Assert.Equal(ada.Id, (await ada.Api.MeAsync()).Id);
    }

    private static string Fill(string body) =>
        body.Replace("{new}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)
            .Replace("{129}", new string('x', 129), StringComparison.Ordinal)
            .Replace("{16385}", new string('x', 16_385), StringComparison.Ordinal);

    private static void AssertProblem(RawAnswer answer, int status, string code)
    {
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal(status, answer.Body!.Value.GetProperty("status").GetInt32());
        Assert.NotEqual("", answer.Body.Value.GetProperty("detail").GetString());
        Assert.False(answer.Body.Value.GetProperty("retry").GetBoolean());
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
