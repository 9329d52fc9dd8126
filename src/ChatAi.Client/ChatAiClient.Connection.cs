using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAi.Client.Connection;

namespace ChatAi.Client;

/// <summary>Connecting, and coming back by the close code.</summary>
public sealed partial class ChatAiClient
{
    private const int MostResumed = 1000;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private string? _refusedToken;
    private string? _usedToken;

    private async Task RunAsync()
    {
        try
        {
            var attempt = 0;
            var isRenewed = false;
            while (true)
            {
                await EnterAsync(ConnectionState.Connecting).ConfigureAwait(false);
                var (code, online) = await ConnectionAsync().ConfigureAwait(false);
                isRenewed &= online is null;
                attempt = online > Stable ? 0 : attempt + 1;
                var next = CloseCodes.After(code);
                if (next == AfterClose.Stop || (next == AfterClose.RenewToken && isRenewed))
                {
                    await EnterAsync(ConnectionState.Stopped, code).ConfigureAwait(false);
                    return;
                }

                if (next == AfterClose.RenewToken)
                {
                    // A socket outlives its token when the machine slept: one fresh token is worth a try.
                    isRenewed = true;
                    _refusedToken = _usedToken;
                    continue;
                }

                await EnterAsync(ConnectionState.Waiting, code).ConfigureAwait(false);
                var pause = Backoff.Pause(
                    Math.Max(0, attempt - 1),
                    Random.Shared.NextDouble(),
                    _options.FirstPause,
                    _options.LongestPause
                );
                await Task.Delay(pause, _options.Time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            State = ConnectionState.Idle;
        }
    }

    /// <summary>One socket from its beginning to its end: the close code, and how long it was online.</summary>
    private async Task<(int? Code, TimeSpan? Online)> ConnectionAsync()
    {
        using var socket = new Socket(_options);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        long? since = null;
        Task<int?>? greeting = null;
        int? code = null;
        try
        {
            using var late = new CancellationTokenSource(_options.ConnectWithin, _options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            _usedToken = await _account.TokenAsync(_refusedToken, either.Token).ConfigureAwait(false);
            await socket.ConnectAsync(_account.Server, either.Token).ConfigureAwait(false);
            greeting = GreetAsync(socket, () => since = _options.Time.GetTimestamp(), ended.Token);
            code = await socket
                .ReadAsync(frame => TakeAsync(socket, frame, ended.Token), _stop.Token)
                .ConfigureAwait(false);
        }
        catch (ChatAiException signedOut) when (signedOut.Code == "signed_out")
        {
            return (CloseCodes.Revoked, null);
        }
        catch (Exception lost)
            when (lost is ChatAiException or WebSocketException or HttpRequestException or OperationCanceledException)
        {
            _stop.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            Interlocked.CompareExchange(ref _online, null, socket);
            await ended.CancelAsync().ConfigureAwait(false);
            socket.Abort();
        }

        // A hello that was refused for its token says more than the end of the socket that follows.
        var refused = greeting is null ? null : await greeting.ConfigureAwait(false);
        return (refused ?? code, since is { } from ? _options.Time.GetElapsedTime(from) : null);
    }

    /// <summary>Says hello and brings everything up to date. A close code where hello was refused.</summary>
    private async Task<int?> GreetAsync(Socket socket, Action welcome, CancellationToken stop)
    {
        try
        {
            var ok = await socket.RequestAsync("hello", Hello(), stop).ConfigureAwait(false);
            var hello = ok.Deserialize(ClientJson.Default.HelloAnswer)!;
            welcome();
            _refusedToken = null;
            socket.Silence = TimeSpan.FromMilliseconds(hello.PingMs + hello.PongMs);
            await WelcomeAsync(socket, hello, stop).ConfigureAwait(false);
            await KeepTokenAsync(socket, stop).ConfigureAwait(false);
        }
        catch (ChatAiException refused) when (refused.Code is "unauthenticated" or "token_expired" or "signed_out")
        {
            socket.Abort();
            return CloseCodes.AuthFailed;
        }
        catch (Exception lost) when (lost is ChatAiException or OperationCanceledException)
        {
            socket.Abort();
        }

        return null;
    }

    private JsonObject Hello()
    {
        var d = new JsonObject
        {
            ["token"] = _usedToken,
            ["device"] = _options.DeviceName,
            ["client"] = _options.ClientName,
        };
        if (_epoch is not null)
        {
            var chats = new JsonObject();
            foreach (var (chat, at) in _timeline.Places.TakeLast(MostResumed))
            {
                chats[$"{chat}"] = at;
            }

            d["resume"] = new JsonObject { ["epoch"] = _epoch, ["chats"] = chats };
        }

        return d;
    }

    /// <summary>A socket outlives its first token only with a newer one.</summary>
    private async Task KeepTokenAsync(Socket socket, CancellationToken stop)
    {
        while (true)
        {
            var left = _account.Tokens.ExpiresAt - ChatAiAccount.Margin - _options.Time.GetUtcNow();
            await Task.Delay(left > ShortestLife ? left : ShortestLife, _options.Time, stop).ConfigureAwait(false);
            try
            {
                _usedToken = await _account.TokenAsync(stop).ConfigureAwait(false);
                await socket
                    .RequestAsync("token.refresh", new JsonObject { ["token"] = _usedToken }, stop)
                    .ConfigureAwait(false);
            }
            catch (HttpRequestException)
            {
                // Again in a second; without success the server closes with 4501 and the next hello renews.
            }
        }
    }

    private async Task EnterAsync(ConnectionState state, int? code = null)
    {
        State = state;
        await _events.Writer.WriteAsync(new ConnectionChanged(state, code), _stop.Token).ConfigureAwait(false);
    }
}
