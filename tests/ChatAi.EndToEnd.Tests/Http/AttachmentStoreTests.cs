using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ChatAi.Testing;
using ChatAi.Testing.Buckets;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>A server whose files are in a bucket, and whose users have little room.</summary>
public sealed class BucketAndServer : IAsyncLifetime
{
    public const int MostBytes = 4_000;

    public BucketServer Bucket { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Bucket = await BucketServer.StartAsync();
        Server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Attachments__Store"] = "s3",
                ["ChatAi__Attachments__S3__Endpoint"] = Bucket.Url.ToString(),
                ["ChatAi__Attachments__S3__Bucket"] = BucketServer.Bucket,
                ["ChatAi__Attachments__S3__AccessKey"] = BucketServer.AccessKey,
                ["ChatAi__Attachments__S3__SecretKey"] = BucketServer.SecretKey,
                ["ChatAi__Attachments__SweepSeconds"] = "1",
                ["ChatAi__Attachments__MaxFileBytes"] = $"{MostBytes}",
                ["ChatAi__Attachments__MaxBytesPerUser"] = "6000",
                ["ChatAi__Attachments__MaxBytesPerUserPerDay"] = "9000",
                ["ChatAi__Attachments__MaxFilesPerUserPerDay"] = "3",
                ["ChatAi__Attachments__UploadsPerMinute"] = "6",
            }
        );
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Bucket.DisposeAsync();
    }
}

public sealed class AttachmentStoreTests(BucketAndServer both) : IClassFixture<BucketAndServer>
{
    private readonly BucketServer _bucket = both.Bucket;
    private readonly ServerProcess _server = both.Server;

    private string Incoming => Path.Combine(_server.DataDir, "attachments", "incoming");

    private List<byte[]> StoredOf(byte[] bytes) =>
        [
            .. _bucket
                .Objects.Where(o =>
                    o.Key.Contains(Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.Ordinal)
                )
                .Select(o => o.Value),
        ];

    private Task<TestUser> SignUpAsync(string name) => TestUser.SignUpAsync(_server.Url, name);

    private static async Task<(int, string?)> PostAsync(TestUser by, byte[] bytes)
    {
        using var content = RawCalls.Bytes(bytes, "application/octet-stream");
        var answer = await by.Api.RawAsync(HttpMethod.Post, "/v1/attachments?name=a.bin", content);
        return (answer.Status, answer.Code);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo())
            await Task.Delay(20, late.Token);
    }

    [Fact]
    public async Task Should_store_content_once_in_the_bucket_until_its_last_message_goes()
    {
        var (ann, bob) = (await SignUpAsync("Ann"), await SignUpAsync("Bob"));
        var chat = (await ann.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        var bytes = RandomNumberGenerator.GetBytes(2_000);
        var ids = (
            await ann.Api.UploadAsync(bytes, "application/octet-stream", "a.bin"),
            await bob.Api.UploadAsync(bytes, "application/octet-stream", "b.bin")
        );
        Assert.Equal(bytes, Assert.Single(StoredOf(bytes)));
        var (first, second) = (
            await ann.Api.SendFilesAsync(chat, "", [ids.Item1]),
            await bob.Api.SendFilesAsync(chat, "", [ids.Item2])
        );
        using (var part = await RangeAsync(bob, ids.Item1, 500, 599))
        {
            Assert.Equal(206, (int)part.StatusCode);
            Assert.Equal(bytes[500..600], await part.Content.ReadAsByteArrayAsync());
        }

        await using (var socket = await ann.ConnectAsync())
            await socket.RequestAsync("message.delete", new { chat, seq = first.Seq });
        Assert.Equal(404, (await ann.Api.RawAsync(HttpMethod.Get, $"/v1/attachments/{ids.Item1}")).Status);
        using (var other = await RangeAsync(ann, ids.Item2, 0, 1_999))
            Assert.Equal(bytes, await other.Content.ReadAsByteArrayAsync());
        await using (var socket = await bob.ConnectAsync())
            await socket.RequestAsync("message.delete", new { chat, seq = second.Seq });
        await UntilAsync(() => StoredOf(bytes).Count == 0);
        Assert.DoesNotContain(_bucket.Refusals, code => code != "SlowDown");
        Assert.Empty(Directory.GetFiles(Incoming));
    }

    [Fact]
    public async Task Should_hold_every_limit_and_say_which()
    {
        var ann = await SignUpAsync("Ann");
        Assert.Equal((413, "too_large"), await PostAsync(ann, new byte[BucketAndServer.MostBytes + 1]));
        Assert.Equal(201, (await PostAsync(ann, new byte[BucketAndServer.MostBytes])).Item1);
        // 4,000 of 6,000 are taken; a refused file takes nothing.
        Assert.Equal((507, "quota_exceeded"), await PostAsync(ann, new byte[2_001]));
        Assert.Equal(201, (await PostAsync(ann, new byte[1_000])).Item1);
        Assert.Equal(201, (await PostAsync(ann, new byte[1_000])).Item1);
        Assert.Equal((429, "quota_exceeded"), await PostAsync(ann, [1]));
        // Six a minute were begun: the one that says itself too large does not count.
        Assert.Equal((429, "quota_exceeded"), await PostAsync(ann, [1]));
        Assert.Equal((429, "rate_limited"), await PostAsync(ann, [1]));
        Assert.Equal(201, (await PostAsync(await SignUpAsync("Bob"), [1])).Item1);
    }

    [Fact]
    public async Task Should_keep_nothing_of_an_upload_that_is_cut_or_that_the_bucket_does_not_take()
    {
        var ann = await SignUpAsync("Ann");
        var had = _bucket.Objects.Count;
        await CutAsync(ann, 3_000, 1_500, () => UntilAsync(() => Directory.GetFiles(Incoming).Length == 1));
        await UntilAsync(() => Directory.GetFiles(Incoming).Length == 0);
        Assert.True(_bucket.Objects.Count <= had);

        _bucket.BeBusy(int.MaxValue);
        Assert.Equal((503, "internal"), await PostAsync(ann, new byte[3_000]));
        _bucket.BeBusy(0);
        Assert.Empty(Directory.GetFiles(Incoming));

        // Neither took of what Ann may have, but the second counts for the day.
        Assert.Equal(201, (await PostAsync(ann, new byte[3_000])).Item1);
        Assert.Equal(201, (await PostAsync(ann, new byte[3_000])).Item1);
        Assert.DoesNotContain(_server.Log, line => line.StartsWith("fail:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_take_the_same_file_again_after_it_died_while_the_first_came_in()
    {
        var ann = await SignUpAsync("Ann");
        var bytes = RandomNumberGenerator.GetBytes(3_000);
        await CutAsync(
            ann,
            3_000,
            1_500,
            async () =>
            {
                await UntilAsync(() => Directory.GetFiles(Incoming).Length == 1);
                _server.Kill9();
            }
        );
        await _server.RestartAsync();
        // The sweeper takes it after a day.
        File.Delete(Assert.Single(Directory.GetFiles(Incoming)));
        var id = await ann.Api.UploadAsync(bytes, "application/octet-stream", "a.bin");
        using var got = await RangeAsync(ann, id, 0, 2_999);
        Assert.Equal(bytes, await got.Content.ReadAsByteArrayAsync());
    }

    private async Task CutAsync(TestUser by, int length, int sent, Func<Task> before)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_server.Url.Host, _server.Url.Port);
        await using var stream = tcp.GetStream();
        var head = $"""
            POST /v1/attachments?name=a.bin HTTP/1.1
            Host: {_server.Url.Authority}
            Authorization: Bearer {by.Tokens.AccessToken}
            Content-Type: application/octet-stream
            Content-Length: {length}


            """;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n")));
        await stream.WriteAsync(new byte[sent]);
        await before();
    }

    private static async Task<HttpResponseMessage> RangeAsync(TestUser by, Guid id, long from, long to)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(by.Server, $"/v1/attachments/{id}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Tokens.AccessToken);
        request.Headers.Range = new RangeHeaderValue(from, to);
        return await http.SendAsync(request);
    }
}
