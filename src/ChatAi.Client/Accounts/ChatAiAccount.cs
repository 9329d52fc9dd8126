using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAi.Client;

/// <summary>Tokens of a signed-in device, to be kept secret: a refresh token works once, so store each new pair.</summary>
public sealed record DeviceTokens(string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt);

/// <summary>A signed-in device: holds its tokens and renews them, one renewal at a time.</summary>
public sealed partial class ChatAiAccount : IDisposable
{
    internal static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <summary>Takes as long as a file takes.</summary>
    private readonly HttpClient _files;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _renewing = new(1, 1);

    /// <summary>A device that signed in earlier.</summary>
    public ChatAiAccount(Uri server, DeviceTokens tokens, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        Server = server;
        Tokens = tokens;
        _time = time ?? TimeProvider.System;
        _http = Http(server, handler);
        _files = Http(server, handler);
        _files.Timeout = Timeout.InfiniteTimeSpan;
    }

    public Uri Server { get; }

    public DeviceTokens Tokens { get; private set; }

    /// <summary>Who signed in; null for a device made from stored tokens.</summary>
    public ChatUser? User { get; private init; }

    /// <summary>Called with each new pair before it is used, to store it.</summary>
    public Action<DeviceTokens>? TokensChanged { get; set; }

    /// <summary>Has a code sent to a number.</summary>
    public static async Task<CodeSent> RequestCodeAsync(
        Uri server,
        string phone,
        HttpMessageHandler? handler = null,
        CancellationToken stop = default
    )
    {
        using var http = Http(server, handler);
        var answer = await CallAsync(http, "/v1/auth/code", new JsonObject { ["phone"] = phone }, stop)
            .ConfigureAwait(false);
        return answer.Deserialize(ClientJson.Default.CodeSent)!;
    }

    /// <summary>Redeems a code; the first success for a number makes the user.</summary>
    public static async Task<ChatAiAccount> SignInAsync(
        Uri server,
        string phone,
        string code,
        string device,
        string? displayName = null,
        HttpMessageHandler? handler = null,
        TimeProvider? time = null,
        CancellationToken stop = default
    )
    {
        var body = new JsonObject
        {
            ["phone"] = phone,
            ["code"] = code,
            ["device"] = device,
        };
        if (displayName is not null)
        {
            body["display_name"] = displayName;
        }

        using var http = Http(server, handler);
        var answer = await CallAsync(http, "/v1/auth/token", body, stop).ConfigureAwait(false);
        var tokens = answer.Deserialize(ClientJson.Default.TokenAnswer)!;
        var clock = time ?? TimeProvider.System;
        return new ChatAiAccount(server, Pair(tokens, clock), handler, clock) { User = tokens.User };
    }

    /// <summary>An access token that lives a while yet, renewed where needed.</summary>
    /// <exception cref="ChatAiException"><c>signed_out</c>: this device was revoked, sign in again.</exception>
    public Task<string> TokenAsync(CancellationToken stop = default) => TokenAsync(expired: null, stop);

    /// <summary>A token other than the one that the server refused.</summary>
    internal async Task<string> TokenAsync(string? expired, CancellationToken stop)
    {
        await _renewing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (Tokens.AccessToken == expired || Tokens.ExpiresAt - Margin <= _time.GetUtcNow())
            {
                // Not cancelled half-way: a refresh token is spent once the server has seen it.
                var body = new JsonObject { ["refresh_token"] = Tokens.RefreshToken };
                var answer = await CallAsync(_http, "/v1/auth/refresh", body, CancellationToken.None)
                    .ConfigureAwait(false);
                Tokens = Pair(answer.Deserialize(ClientJson.Default.TokenAnswer)!, _time);
                TokensChanged?.Invoke(Tokens);
            }

            return Tokens.AccessToken;
        }
        catch (ChatAiException refused) when (refused.Code is "unauthenticated" or "token_expired")
        {
            throw new ChatAiException("signed_out", refused.Message);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Signs this device out on the server.</summary>
    public async Task SignOutAsync(CancellationToken stop = default)
    {
        var token = await TokenAsync(stop).ConfigureAwait(false);
        await CallAsync(_http, "/v1/auth/logout", [], stop, token).ConfigureAwait(false);
    }

    /// <summary>Finds a person by number; null where there is none.</summary>
    public async Task<ChatUser?> LookupAsync(string phone, CancellationToken stop = default)
    {
        var token = await TokenAsync(stop).ConfigureAwait(false);
        try
        {
            var path = $"/v1/users/lookup?phone={Uri.EscapeDataString(phone)}";
            var answer = await CallAsync(_http, path, body: null, stop, token).ConfigureAwait(false);
            return answer.Deserialize(ClientJson.Default.ChatUser);
        }
        catch (ChatAiException none) when (none.Code == "not_found")
        {
            return null;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _files.Dispose();
        _renewing.Dispose();
    }

    private static DeviceTokens Pair(TokenAnswer answer, TimeProvider time) =>
        new(answer.AccessToken, answer.RefreshToken, time.GetUtcNow().AddSeconds(answer.ExpiresIn));

    private static HttpClient Http(Uri server, HttpMessageHandler? handler) =>
        handler is null
            ? new HttpClient { BaseAddress = server }
            : new HttpClient(handler, false) { BaseAddress = server };

    private static async Task<JsonElement> CallAsync(
        HttpClient http,
        string path,
        JsonObject? body,
        CancellationToken stop,
        string? token = null
    )
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await http.SendAsync(request, stop).ConfigureAwait(false);
        var text = await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return text.Length == 0 ? default : JsonSerializer.Deserialize(text, ClientJson.Default.JsonElement);
        }

        throw Refusal(answer, text);
    }

    private static ChatAiException Refusal(HttpResponseMessage answer, byte[] text)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(text, ClientJson.Default.Problem)!;
            var retry = answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500;
            var after = answer.Headers.RetryAfter?.Delta;
            return new ChatAiException(problem.Code ?? "internal", problem.Detail ?? problem.Title, retry, after);
        }
        catch (JsonException)
        {
            return new ChatAiException("internal", $"HTTP {(int)answer.StatusCode}", retry: true);
        }
    }
}
