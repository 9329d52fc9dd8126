using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAi.Testing.Buckets;

/// <summary>
/// A real HTTP server with one bucket in memory that speaks as much of S3 as objects need, and believes nothing: it
/// checks each signature, and each body against its hash.
/// </summary>
public sealed class BucketServer : IAsyncDisposable
{
    public const string Bucket = "files";
    public const string AccessKey = "test-key";
    public const string SecretKey = "a secret of the test/+=";

    private readonly WebApplication _app;
    private int _busy;

    private BucketServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public Uri Url { get; private set; } = null!;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    /// <summary>Why requests were refused, in their order.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    public static async Task<BucketServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new BucketServer(builder.Build());
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Url = new Uri(addresses.Addresses.First());
        return server;
    }

    /// <summary>So many requests from now on are told to come back later.</summary>
    public void BeBusy(int requests) => Volatile.Write(ref _busy, requests);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read);
        var body = read.ToArray();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var refused =
            Interlocked.Decrement(ref _busy) >= 0 ? (503, "SlowDown")
            : WhyNotBelieved(context.Request, target[0], target.ElementAtOrDefault(1) ?? "", body) is { } why
                ? (403, why)
            : !target[0].StartsWith($"/{Bucket}/", StringComparison.Ordinal) ? (404, "NoSuchBucket")
            : default((int Status, string Code)?);
        if (refused is { } no)
            await RefuseAsync(context, no.Status, no.Code);
        else
            await ServeAsync(context, target[0][(Bucket.Length + 2)..], body);
    }

    private async Task ServeAsync(HttpContext context, string key, byte[] body)
    {
        switch (context.Request.Method)
        {
            case "PUT":
                Objects[key] = body;
                context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"";
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                context.Response.StatusCode = 204;
                break;
            case "GET" when Objects.TryGetValue(key, out var bytes):
                var (from, to) = RangeOf(context.Request, bytes.Length);
                context.Response.StatusCode = context.Request.Headers.Range.Count > 0 ? 206 : 200;
                context.Response.ContentLength = to - from;
                await context.Response.Body.WriteAsync(bytes.AsMemory(from, to - from));
                break;
            case "GET":
                await RefuseAsync(context, 404, "NoSuchKey");
                break;
            default:
                await RefuseAsync(context, 405, "MethodNotAllowed");
                break;
        }
    }

    private static string? WhyNotBelieved(HttpRequest request, string path, string query, byte[] body)
    {
        if (BucketSignature.Parse(request.Headers.Authorization) is not { } given || given.Key != AccessKey)
            return "InvalidAccessKeyId";
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        var signed = new SignedRequest(
            request.Method,
            path,
            query,
            given.Headers.ToDictionary(name => name, name => request.Headers[name].ToString()),
            hash
        );
        var time = request.Headers["x-amz-date"].ToString();
        return BucketSignature.Of(signed, time, given.Scope, SecretKey) == given.Signature
            ? null
            : "SignatureDoesNotMatch";
    }

    private Task RefuseAsync(HttpContext context, int status, string code)
    {
        Refusals.Enqueue(code);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>"
        );
    }

    private static (int From, int To) RangeOf(HttpRequest request, int size)
    {
        var range = request.GetTypedHeaders().Range?.Ranges.Single();
        return range is null ? (0, size) : ((int)(range.From ?? 0), (int)Math.Min(size, (range.To ?? size - 1) + 1));
    }
}
