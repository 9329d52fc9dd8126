using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Push;

/// <summary>A server that pushes at once and gives up soon.</summary>
public sealed class PushServer : IAsyncLifetime
{
    public const string AdminToken = "a token for operators";
    private ServerProcess? _server;

    public ServerProcess Process => _server ?? throw new InvalidOperationException("The server is not up.");

    public async Task InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Push__DelaySeconds"] = "0",
                ["ChatAi__Push__BackOffSeconds"] = "0",
                ["ChatAi__Push__TimeoutSeconds"] = "1",
                ["ChatAi__Push__MaxAttempts"] = "5",
                ["ChatAi__Push__AllowHttp"] = "true",
                ["ChatAi__Push__AllowedNetworks"] = "127.0.0.1",
                ["ChatAi__Admin__Token"] = AdminToken,
            }
        );

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

public sealed class PushTests(PushServer push) : IClassFixture<PushServer>
{
    [Fact]
    public async Task Should_post_a_signed_message_to_who_is_away_through_a_receiver_that_fails_in_every_way()
    {
        using var receiver = new PushReceiver(PushReceiver.Status(500), PushReceiver.Silence, PushReceiver.Status(503));
        var (ann, bob, chat) = await PairAsync();
        var secret = await SubscribeAsync(bob, receiver);
        var sent = await ann.Api.SendAsync(chat, "see you at eight");

        var posts = new List<Post>();
        for (var i = 0; i < 4; i++)
            posts.Add(await receiver.NextAsync());
        Assert.Single(posts.Select(p => p.Headers["webhook-id"]).Distinct());
        Assert.All(posts, p => Assert.Equal(Signature(p, secret), p.Headers["webhook-signature"]));
        var data = posts[^1].Json.GetProperty("data");
        Assert.Equal("message.created", posts[^1].Json.GetProperty("type").GetString());
        Assert.Equal((chat, sent.Seq), (data.GetProperty("chat").GetGuid(), data.GetProperty("seq").GetInt64()));
        Assert.Equal(ann.Id, data.GetProperty("sender").GetGuid());
        Assert.Equal("see you at eight", data.GetProperty("text").GetString());
        Assert.Equal(1, data.GetProperty("unread").GetInt64());
    }

    [Fact]
    public async Task Should_say_nothing_of_what_was_said_where_the_device_wants_it_so()
    {
        using var receiver = new PushReceiver();
        var (ann, bob, chat) = await PairAsync();
        await SubscribeAsync(bob, receiver, text: false);
        await ann.Api.SendAsync(chat, "a secret");
        var post = await receiver.NextAsync();
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(post.Body), StringComparison.Ordinal);
        Assert.Equal(chat, post.Json.GetProperty("data").GetProperty("chat").GetGuid());
    }

    [Fact]
    public async Task Should_push_nothing_to_muted_chats_or_to_who_received_it_live()
    {
        using var receiver = new PushReceiver();
        var (ann, bob, chat) = await PairAsync();
        await SubscribeAsync(bob, receiver);
        await bob.Api.SetChatAsync(chat, new { muted = true });
        await ann.Api.SendAsync(chat, "psst");
        await bob.Api.SetChatAsync(chat, new { muted = false });
        await using (var socket = await bob.ConnectAsync())
        {
            var sent = await ann.Api.SendAsync(chat, "live");
            await socket.AckAsync(chat, sent.Seq, null);
        }
        // What comes first is the one that is due, although all before had their time.
        var due = await ann.Api.SendAsync(chat, "away");
        var post = await receiver.NextAsync();
        Assert.Equal(due.Seq, post.Json.GetProperty("data").GetProperty("seq").GetInt64());
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task Should_remove_a_subscription_that_is_gone()
    {
        using var receiver = new PushReceiver(PushReceiver.Status(410));
        var (ann, bob, chat) = await PairAsync();
        await SubscribeAsync(bob, receiver);
        await ann.Api.SendAsync(chat, "hi");
        await receiver.NextAsync();
        await UntilAsync(async () => (await bob.Api.RawAsync(HttpMethod.Get, "/v1/push")).Status == 404);
    }

    [Fact]
    public async Task Should_show_operators_what_was_given_up()
    {
        using var receiver = new PushReceiver([.. Enumerable.Repeat(PushReceiver.Status(500), 5)]);
        var (ann, bob, chat) = await PairAsync();
        await SubscribeAsync(bob, receiver);
        await ann.Api.SendAsync(chat, "hi");
        var admin = new ChatApi(push.Process.Url, PushServer.AdminToken);
        await UntilAsync(async () =>
        {
            var answer = await admin.RawAsync(HttpMethod.Get, "/v1/admin/push/dead");
            return answer
                .Body!.Value.GetProperty("dead")
                .EnumerateArray()
                .Any(d =>
                    d.GetProperty("chat").GetGuid() == chat
                    && d.GetProperty("attempts").GetInt32() == 5
                    && d.GetProperty("error").GetString() == "status 500"
                );
        });
    }

    [Fact]
    public async Task Should_push_to_browsers_so_that_only_they_can_read_it()
    {
        using var receiver = new PushReceiver(PushReceiver.Status(201));
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var auth = RandomNumberGenerator.GetBytes(16);
        var q = browser.ExportParameters(false).Q;
        byte[] point = [4, .. q.X!, .. q.Y!];
        var (ann, bob, chat) = await PairAsync();
        var key = await bob.Api.RawAsync(HttpMethod.Get, "/v1/push/key");
        var answer = await bob.Api.RawAsync(
            HttpMethod.Put,
            "/v1/push",
            new
            {
                type = "webpush",
                endpoint = receiver.Url,
                keys = new { p256dh = Base64Url.EncodeToString(point), auth = Base64Url.EncodeToString(auth) },
            }
        );
        Assert.Equal(200, answer.Status);
        await ann.Api.SendAsync(chat, "eight o'clock");

        var post = await receiver.NextAsync();
        Assert.Equal("aes128gcm", post.Headers["Content-Encoding"]);
        Assert.Equal(32, post.Headers["Topic"].Length);
        Assert.Equal("high", post.Headers["Urgency"]);
        Assert.InRange(int.Parse(post.Headers["TTL"]), 86_000, 86_400);
        Assert.EndsWith(
            $"k={key.Body!.Value.GetProperty("public_key").GetString()}",
            post.Headers["Authorization"],
            StringComparison.Ordinal
        );
        var data = JsonDocument.Parse(Decrypt(post.Body, browser, point, auth)).RootElement.GetProperty("data");
        Assert.Equal("eight o'clock", data.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"type":"pigeon","endpoint":"https://a.example"}""", "bad_request")]
    [InlineData("""{"type":"webhook"}""", "bad_request")]
    [InlineData("""{"type":"webhook","endpoint":"https://10.0.0.1/x"}""", "bad_request")]
    [InlineData("""{"type":"webhook","endpoint":"https://[::1]/x"}""", "bad_request")]
    [InlineData(
        """{"type":"webpush","endpoint":"https://a.example","keys":{"p256dh":"AAAA","auth":"AAAA"}}""",
        "bad_request"
    )]
    [InlineData("""{"type":"webpush","endpoint":"https://a.example"}""", "bad_request")]
    public async Task Should_refuse_subscriptions_that_cannot_work(string body, string code)
    {
        var user = await TestUser.SignUpAsync(push.Process.Url, "Eve");
        var answer = await user.Api.RawAsync(HttpMethod.Put, "/v1/push", RawCalls.Text(body));
        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task Should_push_again_after_kill_9_between_sending_and_writing_it_down()
    {
        using var receiver = new PushReceiver(call =>
        {
            push.Process.Kill9();
            return Task.CompletedTask;
        });
        var (ann, bob, chat) = await PairAsync();
        await SubscribeAsync(bob, receiver);
        var sent = await ann.Api.SendAsync(chat, "twice rather than never");
        var first = await receiver.NextAsync();
        await push.Process.RestartAsync();
        var again = await receiver.NextAsync();
        Assert.Equal(first.Headers["webhook-id"], again.Headers["webhook-id"]);
        Assert.Equal(sent.Seq, again.Json.GetProperty("data").GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Should_push_again_when_the_connection_was_cut_before_an_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (ann, bob, chat) = await PairAsync();
        var answer = await bob.Api.RawAsync(
            HttpMethod.Put,
            "/v1/push",
            new { type = "webhook", endpoint = $"http://{listener.LocalEndpoint}/" }
        );
        Assert.Equal(200, answer.Status);
        await ann.Api.SendAsync(chat, "hi");
        using var patience = new CancellationTokenSource(ChatClient.Patience);
        var buffer = new byte[4_096];
        for (var i = 0; i < 3; i++)
        {
            // Cut after the request has come, then half of an answer, then a whole one.
            using var socket = await listener.AcceptTcpClientAsync(patience.Token);
            var stream = socket.GetStream();
            Assert.True(await stream.ReadAsync(buffer, patience.Token) > 0);
            if (i > 0)
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(i == 1 ? "HTTP/1.1 20" : "HTTP/1.1 204 No Content\r\n\r\n"),
                    patience.Token
                );
        }
    }

    private async Task<(TestUser Ann, TestUser Bob, Guid Chat)> PairAsync()
    {
        var ann = await TestUser.SignUpAsync(push.Process.Url, "Ann");
        var bob = await TestUser.SignUpAsync(push.Process.Url, "Bob");
        return (ann, bob, (await ann.Api.CreateChatAsync("1_to_1", [bob.Id])).Id);
    }

    private static async Task<byte[]> SubscribeAsync(TestUser user, PushReceiver receiver, bool text = true)
    {
        var answer = await user.Api.RawAsync(
            HttpMethod.Put,
            "/v1/push",
            new
            {
                type = "webhook",
                endpoint = receiver.Url,
                text,
            }
        );
        Assert.Equal(200, answer.Status);
        return Convert.FromBase64String(answer.Body!.Value.GetProperty("secret").GetString()!["whsec_".Length..]);
    }

    private static string Signature(Post post, byte[] secret) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(
                secret,
                (byte[])
                    [
                        .. Encoding.ASCII.GetBytes(
                            $"{post.Headers["webhook-id"]}.{post.Headers["webhook-timestamp"]}."
                        ),
                        .. post.Body,
                    ]
            )
        );

    /// <summary>As a browser does it (RFC 8291), from the receiver's side.</summary>
    private static byte[] Decrypt(byte[] body, ECDiffieHellman browser, byte[] point, byte[] auth)
    {
        var salt = body[..16];
        Assert.Equal(4_096u, BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16)));
        var sender = body[21..(21 + body[20])];
        var record = body[(21 + body[20])..];
        using var other = ECDiffieHellman.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = sender[1..33], Y = sender[33..] },
            }
        );
        byte[] info = [.. "WebPush: info\0"u8, .. point, .. sender];
        var shared = browser.DeriveRawSecretAgreement(other.PublicKey);
        var ikm = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth, info);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 16, salt, [.. "Content-Encoding: aes128gcm\0"u8]);
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 12, salt, [.. "Content-Encoding: nonce\0"u8]);
        var plain = new byte[record.Length - 16];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, record[..^16], record[^16..], plain);
        Assert.Equal(2, plain[^1]);
        return plain[..^1];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(ChatClient.Patience);
        while (!await isSo())
            await Task.Delay(25, late.Token);
    }
}
