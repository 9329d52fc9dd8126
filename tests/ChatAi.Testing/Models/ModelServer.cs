using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAi.Testing.Models;

/// <summary>
/// A real HTTP server that speaks the chat-completions protocol with server-sent events. There is no model behind it:
/// the test takes each request and writes the answer's bytes itself, at its own pace.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ModelCall> _calls = Channel.CreateUnbounded<ModelCall>();

    private ModelServer(WebApplication app)
    {
        _app = app;
        app.MapPost(
            "/v1/chat/completions",
            async context =>
            {
                var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
                var call = new ModelCall(context, body);
                await _calls.Writer.WriteAsync(call);
                await call.Finished;
            }
        );
    }

    /// <summary>What <c>ChatAi:Ai:Endpoint</c> is set to.</summary>
    public Uri Endpoint { get; private set; } = null!;

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ModelServer(builder.Build());
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Endpoint = new Uri($"{addresses.Addresses.First()}/v1");
        return server;
    }

    /// <summary>The next request, come already or still to come.</summary>
    public async Task<ModelCall> NextCallAsync(TimeSpan? within = null)
    {
        using var late = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        return await _calls.Reader.ReadAsync(late.Token);
    }

    /// <summary>Whether a request has come that no test took.</summary>
    public bool HasCall => _calls.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>One request and the answer that the test writes to it.</summary>
public sealed class ModelCall
{
    public const string Model = "model-of-the-test";

    private readonly HttpContext _context;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ModelCall(HttpContext context, JsonElement body)
    {
        _context = context;
        Body = body;
        Authorization = context.Request.Headers.Authorization;
        context.RequestAborted.Register(() =>
        {
            _aborted.TrySetResult();
            _finished.TrySetResult();
        });
    }

    public JsonElement Body { get; }

    public string? Authorization { get; }

    /// <summary>The words of all messages of the prompt.</summary>
    public string Prompt =>
        string.Join(
            '\n',
            Body.GetProperty("messages").EnumerateArray().Select(m => ContentOf(m.GetProperty("content")))
        );

    /// <summary>Completes when the client has hung up.</summary>
    public Task Aborted => _aborted.Task;

    internal Task Finished => _finished.Task;

    /// <summary>One piece of the answer, sent at once.</summary>
    public Task SayAsync(string text) => EventAsync(new { role = "assistant", content = text }, null);

    /// <summary>The orderly end, with the counts of tokens.</summary>
    public async Task FinishAsync(string reason = "stop", int tokensIn = 7, int tokensOut = 5)
    {
        await EventAsync(new { }, reason);
        var usage = new
        {
            prompt_tokens = tokensIn,
            completion_tokens = tokensOut,
            total_tokens = tokensIn + tokensOut,
        };
        await DataAsync(JsonSerializer.Serialize(Chunk([], usage)));
        await DataAsync("[DONE]");
        End();
    }

    /// <summary>Ends the HTTP answer orderly, whatever was sent before.</summary>
    public void End() => _finished.TrySetResult();

    /// <summary>Breaks the connection off in the middle of the answer.</summary>
    public void Cut()
    {
        _context.Abort();
        End();
    }

    public async Task RefuseAsync(int status, string body, string? location = null, string? retryAfter = null)
    {
        _context.Response.StatusCode = status;
        if (location is not null)
            _context.Response.Headers.Location = location;
        if (retryAfter is not null)
            _context.Response.Headers.RetryAfter = retryAfter;
        await _context.Response.WriteAsync(body);
        End();
    }

    /// <summary>One server-sent event with any data.</summary>
    public Task DataAsync(string data) => BytesAsync(System.Text.Encoding.UTF8.GetBytes($"data: {data}\n\n"));

    /// <summary>Any bytes of the answer's body, sent at once.</summary>
    public async Task BytesAsync(ReadOnlyMemory<byte> bytes, string contentType = "text/event-stream")
    {
        _context.Response.ContentType ??= contentType;
        await _context.Response.Body.WriteAsync(bytes);
        await _context.Response.Body.FlushAsync();
    }

    private Task EventAsync(object delta, string? reason) =>
        DataAsync(
            JsonSerializer.Serialize(
                Chunk(
                    [
                        new
                        {
                            index = 0,
                            delta,
                            finish_reason = reason,
                        },
                    ],
                    null
                )
            )
        );

    private static object Chunk(object[] choices, object? usage) =>
        new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = 1_700_000_000,
            model = Model,
            choices,
            usage,
        };

    private static string ContentOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}
