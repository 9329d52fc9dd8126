using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Push;

/// <summary>What arrived, as it came.</summary>
public sealed record Post(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A server that pushes are sent to. It answers what it was told to, in order, and then 204.</summary>
public sealed class PushReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<Post> _posts = Channel.CreateUnbounded<Post>();
    private readonly Queue<Func<HttpListenerContext, Task>> _answers;

    public PushReceiver(params Func<HttpListenerContext, Task>[] answers)
    {
        Url = $"http://127.0.0.1:{ChildProcess.FreePort()}/push";
        _answers = new Queue<Func<HttpListenerContext, Task>>(answers);
        _listener.Prefixes.Add(Url[..^"push".Length]);
        _listener.Start();
        _ = RunAsync();
    }

    public string Url { get; }

    public static Func<HttpListenerContext, Task> Status(int status) =>
        call =>
        {
            call.Response.StatusCode = status;
            call.Response.Close();
            return Task.CompletedTask;
        };

    /// <summary>Never answers; the caller gives up.</summary>
    public static Func<HttpListenerContext, Task> Silence => _ => Task.CompletedTask;

    public async Task<Post> NextAsync()
    {
        using var patience = new CancellationTokenSource(ChatClient.Patience);
        return await _posts.Reader.ReadAsync(patience.Token);
    }

    public bool HasMore => _posts.Reader.TryPeek(out _);

    public void Dispose()
    {
        _listener.Close();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        var headers = call.Request.Headers.AllKeys.ToDictionary(
            k => k!,
            k => call.Request.Headers[k]!,
            StringComparer.OrdinalIgnoreCase
        );
        var answer = _answers.TryDequeue(out var told) ? told : Status(204);
        _posts.Writer.TryWrite(new Post(headers, body.ToArray()));
        await answer(call);
    }
}
