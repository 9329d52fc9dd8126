using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAi.Testing.Models;

/// <summary>A real HTTP server with one file, which cuts, stalls and lies where the test says so.</summary>
public sealed class FileServer : IAsyncDisposable
{
    /// <summary>What a request asked for.</summary>
    public sealed record Request(string Path, string? Range, string? IfRange);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _next = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FileServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public byte[] Bytes { get; set; } = [];

    /// <summary>With its quotes; null for none.</summary>
    public string? ETag { get; set; } = "\"one\"";

    public bool HonoursRanges { get; set; } = true;

    public ConcurrentQueue<Request> Requests { get; } = new();

    public Uri Root { get; private set; } = null!;

    public Uri Url => new(Root, "small-talk.gguf");

    public static async Task<FileServer> StartAsync(byte[] bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FileServer(builder.Build()) { Bytes = bytes };
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Root = new Uri(addresses.Addresses.First());
        return server;
    }

    /// <summary>How the next request that has none yet is answered; the others get the file.</summary>
    public void Next(Func<HttpContext, Task> answer) => _next.Enqueue(answer);

    /// <summary>So many bytes from where the request asked, then the connection breaks.</summary>
    public void NextCutAfter(int bytes) =>
        Next(async context =>
        {
            await SendAsync(context, bytes);
            context.Abort();
        });

    /// <summary>So many bytes from where the request asked, then nothing until the client hangs up.</summary>
    public void NextStallAfter(int bytes) =>
        Next(async context =>
        {
            await SendAsync(context, bytes);
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = context.RequestAborted.Register(() => left.TrySetResult());
            await Task.WhenAny(left.Task, _stopped.Task);
        });

    public void NextStatus(int status, string? location = null, string? contentRange = null) =>
        Next(context =>
        {
            context.Response.StatusCode = status;
            if (location is not null)
                context.Response.Headers.Location = location;
            if (contentRange is not null)
                context.Response.Headers.ContentRange = contentRange;
            return Task.CompletedTask;
        });

    public async ValueTask DisposeAsync()
    {
        _stopped.TrySetResult();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The file, or its first bytes, from where the request asked.</summary>
    public async Task SendAsync(HttpContext context, int? most = null)
    {
        var from = FromOf(context.Request);
        var response = context.Response;
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (from >= Bytes.Length && from > 0)
        {
            response.StatusCode = 416;
            response.Headers.ContentRange = $"bytes */{Bytes.Length}";
            return;
        }
        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{Bytes.Length - 1}/{Bytes.Length}";
        }
        response.ContentLength = Bytes.Length - from;
        await response.Body.WriteAsync(Bytes.AsMemory(from, Math.Min(most ?? int.MaxValue, Bytes.Length - from)));
        await response.Body.FlushAsync();
    }

    private int FromOf(HttpRequest request)
    {
        var range = request.Headers.Range.ToString();
        var same = request.Headers.IfRange.Count == 0 || request.Headers.IfRange == ETag;
        return HonoursRanges && same && range.StartsWith("bytes=", StringComparison.Ordinal)
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        Requests.Enqueue(new Request(context.Request.Path, headers.Range, headers.IfRange));
        if (_next.TryDequeue(out var answer))
            await answer(context);
        else
            await SendAsync(context);
    }
}
