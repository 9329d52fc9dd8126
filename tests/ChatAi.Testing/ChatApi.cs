using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChatAi.Testing.Documents;

namespace ChatAi.Testing;

/// <summary>The HTTP calls of protocol v1. A refusal becomes a <see cref="ChatErrorException"/> with its code.</summary>
public sealed class ChatApi
{
    // One for all: a load generator signs up hundreds of users and must not open as many sockets.
    private static readonly HttpClient Http = new(
        new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }
    );

    private readonly Uri _server;
    private readonly string? _token;

    public ChatApi(Uri server, string? token = null)
    {
        _server = server;
        _token = token;
    }

    public ChatApi As(string? token) => new(_server, token);

    public Task<CodeAnswer> RequestCodeAsync(string phone) =>
        CallAsync<CodeAnswer>(HttpMethod.Post, "/v1/auth/code", new { phone });

    public Task<Tokens> TokenAsync(string phone, string code, string device = "test", string? displayName = null) =>
        CallAsync<Tokens>(
            HttpMethod.Post,
            "/v1/auth/token",
            new
            {
                phone,
                code,
                device,
                displayName,
            }
        );

    public Task<Tokens> RefreshAsync(string refreshToken) =>
        CallAsync<Tokens>(HttpMethod.Post, "/v1/auth/refresh", new { refreshToken });

    public Task LogoutAsync() => CallAsync(HttpMethod.Post, "/v1/auth/logout", new { });

    public Task<DeviceList> DevicesAsync() => CallAsync<DeviceList>(HttpMethod.Get, "/v1/devices");

    public Task RevokeDeviceAsync(Guid device) => CallAsync(HttpMethod.Delete, $"/v1/devices/{device}");

    public Task<UserInfo> MeAsync() => CallAsync<UserInfo>(HttpMethod.Get, "/v1/me");

    public Task<UserInfo> RenameAsync(string displayName) =>
        CallAsync<UserInfo>(HttpMethod.Patch, "/v1/me", new { displayName });

    public Task<UserInfo> LookupAsync(string phone) =>
        CallAsync<UserInfo>(HttpMethod.Get, $"/v1/users/lookup?phone={Uri.EscapeDataString(phone)}");

    public Task<UserInfo> UserAsync(Guid user) => CallAsync<UserInfo>(HttpMethod.Get, $"/v1/users/{user}");

    public Task<ChatPage> ChatsAsync(int? limit = null, string? before = null) =>
        CallAsync<ChatPage>(HttpMethod.Get, "/v1/chats" + Query(("limit", limit), ("before", before)));

    public Task<ChatInfo> CreateChatAsync(string type, IEnumerable<Guid> members, string? title = null) =>
        CallAsync<ChatInfo>(
            HttpMethod.Post,
            "/v1/chats",
            new
            {
                type,
                members,
                title,
            }
        );

    public Task<ChatInfo> ChatAsync(Guid chat) => CallAsync<ChatInfo>(HttpMethod.Get, $"/v1/chats/{chat}");

    public Task<ChatInfo> SetChatAsync(Guid chat, object change) =>
        CallAsync<ChatInfo>(HttpMethod.Patch, $"/v1/chats/{chat}", change);

    public Task<JsonElement> AddMembersAsync(Guid chat, IEnumerable<Guid> users) =>
        CallAsync(HttpMethod.Post, $"/v1/chats/{chat}/members", new { users });

    public Task<JsonElement> RemoveMemberAsync(Guid chat, Guid user) =>
        CallAsync(HttpMethod.Delete, $"/v1/chats/{chat}/members/{user}");

    public Task<MessagePage> MessagesAsync(Guid chat, long? before = null, long? after = null, int? limit = null) =>
        CallAsync<MessagePage>(
            HttpMethod.Get,
            $"/v1/chats/{chat}/messages" + Query(("before", before), ("after", after), ("limit", limit))
        );

    public Task<SendAnswer> SendAsync(Guid chat, string text, Guid? cid = null, long? replyTo = null) =>
        CallAsync<SendAnswer>(
            HttpMethod.Post,
            $"/v1/chats/{chat}/messages",
            new
            {
                cid = cid ?? Guid.CreateVersion7(),
                text,
                replyTo,
            }
        );

    /// <returns>The attachment's id.</returns>
    public async Task<Guid> UploadAsync(byte[] bytes, string type, string name)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await SendRawAsync(
            HttpMethod.Post,
            $"/v1/attachments?name={Uri.EscapeDataString(name)}",
            content
        );
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetGuid()
            : throw Problem(answer, body);
    }

    public Task<SendAnswer> SendFilesAsync(Guid chat, string text, IEnumerable<Guid> attachments, Guid? cid = null) =>
        CallAsync<SendAnswer>(
            HttpMethod.Post,
            $"/v1/chats/{chat}/messages",
            new
            {
                cid = cid ?? Guid.CreateVersion7(),
                text,
                attachments,
            }
        );

    /// <summary>What a node tells of itself, as Prometheus reads it.</summary>
    public async Task<string> MetricsAsync()
    {
        using var answer = await SendRawAsync(HttpMethod.Get, "/metrics");
        return await answer.Content.ReadAsStringAsync();
    }

    public Task<SummaryInfo> SummaryAsync(Guid chat) =>
        CallAsync<SummaryInfo>(HttpMethod.Get, $"/v1/chats/{chat}/summary");

    public Task<RunStarted> AskAsync(Guid chat, string kind, string? prompt = null, bool? isPrivate = null) =>
        CallAsync<RunStarted>(HttpMethod.Post, $"/v1/chats/{chat}/ai", new AskBody(kind, prompt, isPrivate));

    /// <summary>State, text so far and provenance of a run, as the server writes it.</summary>
    public Task<JsonElement> RunAsync(Guid run) => CallAsync(HttpMethod.Get, $"/v1/ai/runs/{run}");

    public Task CancelRunAsync(Guid run) => CallAsync(HttpMethod.Delete, $"/v1/ai/runs/{run}");

    /// <summary>Any call: for what has no method here, and for looking at an answer as it came.</summary>
    public Task<JsonElement> CallAsync(HttpMethod method, string path, object? body = null) =>
        CallAsync<JsonElement>(method, path, body);

    public async Task<T> CallAsync<T>(HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendRawAsync(
            method,
            path,
            body is null ? null : JsonContent.Create(body, options: Wire.Json)
        );
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw Problem(answer, bytes);
        }

        if (ProtocolDocuments.AreChecked)
        {
            JsonElement? sent = body is null ? null : JsonSerializer.SerializeToElement(body, Wire.Json);
            JsonElement? got = bytes.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(bytes);
            ProtocolDocuments.CheckCall(method.Method, path, (int)answer.StatusCode, sent, got);
        }

        return bytes.Length == 0 ? default! : JsonSerializer.Deserialize<T>(bytes, Wire.Json)!;
    }

    /// <summary>Any request with any content; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendRawAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server, path)) { Content = content };
        if (_token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        }

        return await Http.SendAsync(request);
    }

    private static string Query(params ReadOnlySpan<(string Name, object? Value)> parts)
    {
        var query = "";
        foreach (var (name, value) in parts)
        {
            if (value is not null)
            {
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString($"{value}")}";
            }
        }

        return query;
    }

    private static ChatErrorException Problem(HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        try
        {
            var problem = JsonSerializer.Deserialize<ProblemBody>(body, Wire.Json)!;
            var after = answer.Headers.RetryAfter?.Delta?.TotalMilliseconds;
            return new ChatErrorException(
                problem.Code ?? "(none)",
                problem.Detail ?? problem.Title,
                status,
                problem.Retry ?? after is not null,
                problem.AfterMs ?? (int?)after
            );
        }
        catch (JsonException)
        {
            var request = answer.RequestMessage!;
            var text = System.Text.Encoding.UTF8.GetString(body);
            return new ChatErrorException("(none)", $"{request.Method} {request.RequestUri}: {text}", status);
        }
    }

    private sealed record ProblemBody(string? Code, string? Title, string? Detail, bool? Retry, int? AfterMs);

    private sealed record AskBody(
        string Kind,
        string? Prompt,
        [property: System.Text.Json.Serialization.JsonPropertyName("private")] bool? IsPrivate
    );
}
