using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatAi.Browser.Tests;

/// <summary>
/// A model server that speaks the chat-completions protocol and says what the test tells it, when it is told:
/// so a test can look at an answer in the middle.
/// </summary>
public sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string?> _script = Channel.CreateUnbounded<string?>();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedModel(WebApplication app) => _app = app;

    /// <summary>The base address that <c>ChatAi:Ai:Endpoint</c> takes.</summary>
    public string Endpoint => $"{_app.Urls.First()}/v1";

    /// <summary>Completes when the client hangs up before the answer is whole.</summary>
    public Task Aborted => _aborted.Task;

    public static async Task<ScriptedModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var model = new ScriptedModel(builder.Build());
        model._app.MapPost("/v1/chat/completions", model.AnswerAsync);
        await model._app.StartAsync();
        return model;
    }

    public void Say(string text) => _script.Writer.TryWrite(text);

    public void End() => _script.Writer.TryWrite(null);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        try
        {
            while (await _script.Reader.ReadAsync(http.RequestAborted) is { } text)
            {
                await EventAsync(http, Chunk(new { content = text }, null));
            }

            await EventAsync(http, Chunk(new { }, "stop"));
            await EventAsync(http, "[DONE]");
        }
        catch (OperationCanceledException)
        {
            _aborted.TrySetResult();
        }
    }

    private static string Chunk(object delta, string? finish) =>
        JsonSerializer.Serialize(
            new
            {
                id = "scripted",
                @object = "chat.completion.chunk",
                created = 0,
                model = "scripted",
                choices = new[]
                {
                    new
                    {
                        index = 0,
                        delta,
                        finish_reason = finish,
                    },
                },
            }
        );

    private static async Task EventAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
