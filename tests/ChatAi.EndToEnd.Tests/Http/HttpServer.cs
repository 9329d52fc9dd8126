using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>One server for all tests of HTTP that need no settings of their own; each brings users of its own.</summary>
public sealed class HttpServer : IAsyncLifetime
{
    public const string Collection = "http";

    private ServerProcess? _server;

    public ServerProcess Process => _server ?? throw new InvalidOperationException("The server is not up.");

    public Uri Url => Process.Url;

    public ChatApi Api => new(Url);

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public Task<TestUser> SignUpAsync(string name) => TestUser.SignUpAsync(Url, name);
}

[CollectionDefinition(HttpServer.Collection)]
public sealed class HttpServerCollection : ICollectionFixture<HttpServer>;

/// <summary>What a call answered, as it came.</summary>
public sealed record RawAnswer(
    int Status,
    string? ContentType,
    IReadOnlyDictionary<string, string> Headers,
    JsonElement? Body
)
{
    public string? Code =>
        Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("code", out var code)
            ? code.GetString()
            : null;

    public static async Task<RawAnswer> OfAsync(HttpResponseMessage message)
    {
        var bytes = await message.Content.ReadAsByteArrayAsync();
        var type = message.Content.Headers.ContentType?.MediaType;
        return new RawAnswer(
            (int)message.StatusCode,
            type,
            message.Headers.Concat(message.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)),
            bytes.Length > 0 && type?.EndsWith("json", StringComparison.Ordinal) == true
                ? JsonDocument.Parse(bytes).RootElement.Clone()
                : null
        );
    }
}

public static class RawCalls
{
    public static async Task<RawAnswer> RawAsync(
        this ChatApi api,
        HttpMethod method,
        string path,
        HttpContent? content = null
    )
    {
        using var answer = await api.SendRawAsync(method, path, content);
        return await RawAnswer.OfAsync(answer);
    }

    public static Task<RawAnswer> RawAsync(this ChatApi api, HttpMethod method, string path, object body) =>
        api.RawAsync(method, path, JsonContent.Create(body, body.GetType(), options: Wire.Json));

    public static HttpContent Bytes(byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    public static HttpContent Text(string body, string? contentType = "application/json") =>
        Bytes(Encoding.UTF8.GetBytes(body), contentType);

    public static async Task<ChatErrorException> RefusedAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<ChatErrorException>(call);
}
