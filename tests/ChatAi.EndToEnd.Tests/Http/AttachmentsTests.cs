using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class AttachmentsTests(HttpServer server)
{
    private static readonly byte[] Png = Pictures.Png(3, 2);

    private static string PathOf(Guid id) => $"/v1/attachments/{id}";

    private static async Task<JsonElement> UploadAsync(TestUser by, byte[] bytes, string type, string name)
    {
        using var content = RawCalls.Bytes(bytes, type);
        var answer = await by.Api.RawAsync(
            HttpMethod.Post,
            $"/v1/attachments?name={Uri.EscapeDataString(name)}",
            content
        );
        Assert.Equal(201, answer.Status);
        return answer.Body!.Value;
    }

    private static async Task<Guid> UploadedAsync(TestUser by, string text) =>
        (await UploadAsync(by, Encoding.UTF8.GetBytes(text), "text/plain", "a.txt")).GetProperty("id").GetGuid();

    private static Task<JsonElement> SendAsync(
        TestUser by,
        Guid chat,
        Guid cid,
        string text,
        params Guid[] attachments
    ) =>
        by.Api.CallAsync(
            HttpMethod.Post,
            $"/v1/chats/{chat}/messages",
            new
            {
                cid,
                text,
                attachments,
            }
        );

    private static async Task<int> StatusAsync(TestUser by, Guid id) =>
        (await by.Api.RawAsync(HttpMethod.Get, PathOf(id))).Status;

    private static async Task<HttpResponseMessage> GetAsync(
        TestUser by,
        Guid id,
        HttpMethod method,
        Action<HttpRequestHeaders>? headers = null
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(by.Server, PathOf(id)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Tokens.AccessToken);
        headers?.Invoke(request.Headers);
        return await http.SendAsync(request);
    }

    [Fact]
    public async Task Should_bring_a_picture_from_one_to_the_other_by_socket_history_and_list()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        await using var a = await ada.ConnectAsync();
        await using var b = await bob.ConnectAsync();
        var upload = await UploadAsync(ada, Png, "image/png", "../holi\u202eday.png");
        Assert.Equal("holiday.png", upload.GetProperty("name").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Png)), upload.GetProperty("sha256").GetString());
        Assert.Equal((3, 2), (upload.GetProperty("width").GetInt32(), upload.GetProperty("height").GetInt32()));
        var id = upload.GetProperty("id").GetGuid();

        var cid = Guid.CreateVersion7();
        var send = new
        {
            to = bob.Id,
            cid,
            text = "",
            attachments = new[] { id },
        };
        var sent = await a.RequestAsync<SendAnswer>("message.send", send);
        var created = await b.WaitForAsync(e => e.Ev == "message.created" && e.Chat == sent.Chat);
        Assert.Equal("", created.D.GetProperty("text").GetString());
        var file = created.D.GetProperty("attachments")[0];
        Assert.Equal(id, file.GetProperty("id").GetGuid());
        Assert.False(file.TryGetProperty("sha256", out _));
        Assert.True((await a.RequestAsync<SendAnswer>("message.send", send)).Dup);

        // At once, whatever the read tables know by now.
        using var got = await GetAsync(bob, id, HttpMethod.Get);
        Assert.Equal(Png, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", got.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", got.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", got.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("inline", got.Content.Headers.ContentDisposition!.DispositionType);

        var message = (await bob.Api.CallAsync(HttpMethod.Get, $"/v1/chats/{sent.Chat}/messages")).GetProperty(
            "messages"
        )[0];
        Assert.Equal("holiday.png", message.GetProperty("attachments")[0].GetProperty("name").GetString());
        Assert.Equal("📎 holiday.png", (await bob.Api.ChatsAsync()).Chats[0].LastMessagePreview);
    }

    [Fact]
    public async Task Should_show_a_file_to_those_alone_who_see_its_message()
    {
        var (ada, bob, eve) = (
            await server.SignUpAsync("Ada"),
            await server.SignUpAsync("Bob"),
            await server.SignUpAsync("Eve")
        );
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        var id = await UploadedAsync(ada, "for Bob");
        Assert.Equal(
            (200, 404, 404),
            (await StatusAsync(ada, id), await StatusAsync(bob, id), await StatusAsync(eve, id))
        );

        var sent = await SendAsync(ada, chat, Guid.CreateVersion7(), "look", id);
        Assert.Equal(
            (200, 200, 404),
            (await StatusAsync(ada, id), await StatusAsync(bob, id), await StatusAsync(eve, id))
        );
        using (var none = await new ChatApi(server.Url).SendRawAsync(HttpMethod.Get, PathOf(id)))
            Assert.Equal(401, (int)none.StatusCode);

        // Who comes later sees what comes later.
        await ada.Api.AddMembersAsync(chat, [eve.Id]);
        Assert.Equal(404, await StatusAsync(eve, id));
        await ada.Api.RemoveMemberAsync(chat, bob.Id);
        Assert.Equal(404, await StatusAsync(bob, id));

        var seq = sent.GetProperty("seq").GetInt64();
        await using (var a = await ada.ConnectAsync())
            await a.RequestAsync<JsonElement>("message.delete", new { chat, seq });
        Assert.Equal(404, await StatusAsync(ada, id));
        var page = await ada.Api.CallAsync(HttpMethod.Get, $"/v1/chats/{chat}/messages");
        Assert.DoesNotContain(
            page.GetProperty("messages").EnumerateArray(),
            m => m.TryGetProperty("attachments", out _)
        );
    }

    [Fact]
    public async Task Should_leave_a_blocked_reader_the_history_and_a_revoked_device_nothing()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        var id = await UploadedAsync(ada, "hello");
        await SendAsync(ada, chat, Guid.CreateVersion7(), "", id);
        await ada.Api.CallAsync(HttpMethod.Put, $"/v1/blocks/{bob.Id}");
        Assert.Equal(200, await StatusAsync(bob, id));
        var own = await UploadedAsync(bob, "mine");
        var refused = await RawCalls.RefusedAsync(() => SendAsync(bob, chat, Guid.CreateVersion7(), "", own));
        Assert.Equal("forbidden", refused.Code);
        // It is free for another message.
        var other = (await bob.Api.CreateChatAsync("group", [], "Mine")).Id;
        await SendAsync(bob, other, Guid.CreateVersion7(), "", own);

        await bob.Api.LogoutAsync();
        Assert.Equal(401, await StatusAsync(bob, id));
    }

    [Fact]
    public async Task Should_hang_a_file_on_one_message_only_and_only_its_owners()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        var (id, cid) = (await UploadedAsync(ada, "once"), Guid.CreateVersion7());
        Assert.Equal(
            "bad_request",
            (await RawCalls.RefusedAsync(() => SendAsync(bob, chat, Guid.CreateVersion7(), "mine", id))).Code
        );
        Assert.False((await SendAsync(ada, chat, cid, "one", id)).GetProperty("dup").GetBoolean());
        Assert.True((await SendAsync(ada, chat, cid, "one", id)).GetProperty("dup").GetBoolean());
        Assert.Equal("conflict", (await RawCalls.RefusedAsync(() => SendAsync(ada, chat, cid, "one"))).Code);
        foreach (var wrong in new Guid[][] { [id], [Guid.CreateVersion7()] })
            Assert.Equal(
                "bad_request",
                (await RawCalls.RefusedAsync(() => SendAsync(ada, chat, Guid.CreateVersion7(), "two", wrong))).Code
            );
        Assert.Equal(
            "bad_request",
            (await RawCalls.RefusedAsync(() => SendAsync(ada, chat, Guid.CreateVersion7(), ""))).Code
        );
    }

    [Fact]
    public async Task Should_answer_ranges_conditions_and_heads()
    {
        var ada = await server.SignUpAsync("Ada");
        var id = await UploadedAsync(ada, "0123456789");
        using var head = await GetAsync(ada, id, HttpMethod.Head);
        Assert.Equal((200, 10L), ((int)head.StatusCode, head.Content.Headers.ContentLength));
        var tag = head.Headers.ETag!;
        using var headOfPart = await GetAsync(ada, id, HttpMethod.Head, h => h.Range = new RangeHeaderValue(2, 4));
        Assert.Equal((200, 10L), ((int)headOfPart.StatusCode, headOfPart.Content.Headers.ContentLength));
        foreach (
            var (range, status, body) in new[]
            {
                ("bytes=2-4", 206, "234"),
                ("bytes=-3", 206, "789"),
                ("bytes=7-99", 206, "789"),
                ("bytes=1-2,4-5", 200, "0123456789"),
                ("bytes=5-2", 200, "0123456789"),
            }
        )
        {
            using var part = await GetAsync(ada, id, HttpMethod.Get, h => h.TryAddWithoutValidation("Range", range));
            Assert.Equal((range, status, body), (range, (int)part.StatusCode, await part.Content.ReadAsStringAsync()));
        }
        using var beyond = await GetAsync(ada, id, HttpMethod.Get, h => h.Range = new RangeHeaderValue(10, null));
        Assert.Equal((416, "bytes */10"), ((int)beyond.StatusCode, beyond.Content.Headers.ContentRange!.ToString()));
        using var known = await GetAsync(ada, id, HttpMethod.Get, h => h.IfNoneMatch.Add(tag));
        Assert.Equal(304, (int)known.StatusCode);
        using var changed = await GetAsync(
            ada,
            id,
            HttpMethod.Get,
            h =>
            {
                h.Range = new RangeHeaderValue(2, 4);
                h.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"other\""));
            }
        );
        Assert.Equal(200, (int)changed.StatusCode);
    }

    [Theory]
    [InlineData("text/html", "<script>alert(1)</script>", "page.html")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg")]
    [InlineData("application/xhtml+xml", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "a.xhtml")]
    public async Task Should_hand_out_what_could_run_as_a_download_alone(string type, string body, string name)
    {
        var ada = await server.SignUpAsync("Ada");
        var upload = await UploadAsync(ada, Encoding.UTF8.GetBytes(body), type, name);
        using var got = await GetAsync(ada, upload.GetProperty("id").GetGuid(), HttpMethod.Get);
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(name, got.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Contains("sandbox", got.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png", "not a picture", 415, "unsupported")]
    [InlineData("video/mp4", "not a film", 415, "unsupported")]
    [InlineData("no type", "hello", 415, "unsupported")]
    [InlineData("text/plain", "", 400, "bad_request")]
    public async Task Should_refuse_what_is_not_what_it_says(string type, string body, int status, string code)
    {
        var ada = await server.SignUpAsync("Ada");
        using var content = RawCalls.Text(body, type);
        var answer = await ada.Api.RawAsync(HttpMethod.Post, "/v1/attachments?name=x", content);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Should_refuse_a_picture_that_nobody_could_show_and_a_file_that_is_too_large()
    {
        var ada = await server.SignUpAsync("Ada");
        using (var bomb = RawCalls.Bytes(Pictures.Png(60_000, 60_000), "image/png"))
            Assert.Equal(415, (await ada.Api.RawAsync(HttpMethod.Post, "/v1/attachments", bomb)).Status);
        // No length is given: it is counted as it comes.
        using var endless = new StreamContent(new ZeroStream(26_214_401));
        endless.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = await PostChunkedAsync(ada, endless);
        Assert.Equal(413, (int)request.StatusCode);
    }

    [Fact]
    public async Task Should_take_a_form_and_no_path_for_an_id()
    {
        var ada = await server.SignUpAsync("Ada");
        using var form = new MultipartFormDataContent { { new StringContent("before"), "note" } };
        using var file = new ByteArrayContent(Png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "pic.png");
        var answer = await ada.Api.RawAsync(HttpMethod.Post, "/v1/attachments", form);
        Assert.Equal((201, "pic.png"), (answer.Status, answer.Body!.Value.GetProperty("name").GetString()));

        foreach (var path in new[] { "..%2f..%2fjournal.db", "%2e%2e/%2e%2e/secrets", "incoming", $"{Guid.Empty}%00" })
        {
            var stray = await ada.Api.RawAsync(HttpMethod.Get, $"/v1/attachments/{path}");
            Assert.True(stray.Status is 400 or 404, $"{path}: {stray.Status}");
        }
    }

    private static async Task<HttpResponseMessage> PostChunkedAsync(TestUser by, HttpContent content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(by.Server, "/v1/attachments"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Tokens.AccessToken);
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;
        request.Content = content;
        return await http.SendAsync(request);
    }
}
