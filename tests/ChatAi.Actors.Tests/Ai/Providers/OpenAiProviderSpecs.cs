using System.Text;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Providers.Remote;
using ChatAi.ChatNode.Ai.Work;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Testing.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai.Providers;

/// <summary>The provider <c>openai</c> against a real HTTP server.</summary>
public sealed class OpenAiProviderSpecs : IAsyncLifetime
{
    private const string Answer = "The release is on Friday at noon [#1].";
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<Delta> _deltas = [];
    private ModelServer _server = null!;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private BreakerProvider _provider = null!;

    private static readonly RemoteSettings Settings = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(90))
    {
        WaitFirst = TimeSpan.Zero,
    };

    public async Task InitializeAsync()
    {
        _server = await ModelServer.StartAsync();
        _provider = OpenAiProvider.Create(
            new ChatAiOptions.AiOptions
            {
                Provider = "openai",
                Endpoint = _server.Endpoint.ToString(),
                Model = "wanted",
                ApiKey = "key-1",
            },
            Settings,
            _time,
            _log
        );
    }

    public async Task DisposeAsync()
    {
        _provider.Dispose();
        await _server.DisposeAsync();
    }

    private static AssistantRequest Request =>
        new(
            AiRunKind.Reply,
            "When is the release?",
            "Ann",
            3,
            [.. Talk.Select(m => new TranscriptLine(m.Seq, m.Sender.Value, "Ann", m.IsAi, m.At, m.Text, m.ReplyTo))],
            null
        );

    private Task<StreamEnd> Read(TimeSpan? noProgress = null, Action<Delta>? passOn = null)
    {
        var settings = new AiWorkerSettings(noProgress ?? TimeSpan.FromSeconds(30)) { DeltaEvery = TimeSpan.Zero };
        return new AnswerStream(settings, TimeProvider.System, 16_384).ReadAsync(
            _provider,
            Request,
            passOn ?? _deltas.Add,
            _cancel.Token
        );
    }

    private static void AssertFailed(StreamEnd end) => Assert.IsType<StreamEnd.Failed>(end);

    [Fact]
    public async Task Should_stream_and_say_how_it_came_about()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        Assert.Equal("Bearer key-1", call.Authorization);
        Assert.Equal("wanted", call.Body.GetProperty("model").GetString());
        Assert.True(call.Body.GetProperty("stream").GetBoolean());
        Assert.Contains("\"seq\":1", call.Prompt, StringComparison.Ordinal);
        Assert.Contains("When is the release?", call.Prompt, StringComparison.Ordinal);
        foreach (var piece in Answer.Split(' '))
            await call.SayAsync(piece == "The" ? piece : $" {piece}");
        await call.FinishAsync();
        var end = Assert.IsType<StreamEnd.Complete>(await reading).End;
        // The checks put a citation behind the sentence's end.
        Assert.Equal("The release is on Friday at noon. [#1]", end.Text);
        Assert.Equal([1L], end.Cites);
        Assert.Equal(("openai", ModelCall.Model, PromptBuilder.Version), (end.Provider, end.Model, end.PromptVersion));
        Assert.Equal((7, 5), (end.TokensIn, end.TokensOut));
        Assert.Equal(Answer, string.Concat(_deltas.Select(d => d.Text)));
    }

    [Fact]
    public async Task Should_pass_each_piece_on_before_the_next_is_there()
    {
        var heard = System.Threading.Channels.Channel.CreateUnbounded<Delta>();
        var reading = Read(passOn: d => heard.Writer.TryWrite(d));
        var call = await _server.NextCallAsync();
        var off = 0;
        foreach (var piece in new[] { "The release", " is on Friday", " at noon [#1]." })
        {
            await call.SayAsync(piece);
            Assert.Equal(new Delta(off, piece), await heard.Reader.ReadAsync());
            off += piece.Length;
        }
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await reading);
    }

    [Fact]
    public async Task Should_join_characters_whose_bytes_come_apart()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        var text = "Friday at noon 🦊 [#1].";
        var choice =
            $$"""{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";
        foreach (var one in Encoding.UTF8.GetBytes($"data: {choice}\n\n"))
            await call.BytesAsync(new[] { one });
        await call.FinishAsync();
        var end = Assert.IsType<StreamEnd.Complete>(await reading).End;
        Assert.Contains("🦊", end.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_drop_citations_that_do_not_exist()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release is on Friday at noon [#1, #77].");
        await call.FinishAsync();
        var end = Assert.IsType<StreamEnd.Complete>(await reading).End;
        Assert.Equal([1L], end.Cites);
        Assert.DoesNotContain("77", end.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_fail_when_the_connection_breaks()
    {
        var said = new TaskCompletionSource();
        var reading = Read(passOn: _ => said.TrySetResult());
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release is");
        await said.Task;
        call.Cut();
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_fail_when_the_answer_ends_without_its_end()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        call.End();
        AssertFailed(await reading);
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    public async Task Should_fail_when_the_answer_was_cut(string reason)
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        await call.FinishAsync(reason);
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_fail_when_the_answer_is_empty()
    {
        var reading = Read();
        await (await _server.NextCallAsync()).FinishAsync();
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_fail_when_the_server_keeps_failing_and_not_ask_for_ever()
    {
        var reading = Read();
        for (var i = 0; i <= Settings.Retries; i++)
            await (await _server.NextCallAsync()).RefuseAsync(
                500,
                "{\"error\":{\"message\":\"When is the release?\"}}"
            );
        // What the server says may repeat the prompt: it goes into no log.
        Assert.Equal("The model server answered 500.", ReasonOf(await reading));
        Assert.False(_server.HasCall);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Should_ask_again_with_the_same_prompt_where_the_server_may_recover(int status)
    {
        var reading = Read();
        var refused = await _server.NextCallAsync();
        await refused.RefuseAsync(status, "", retryAfter: "0");
        var call = await _server.NextCallAsync();
        Assert.Equal(refused.Body.GetRawText(), call.Body.GetRawText());
        await call.SayAsync(Answer);
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await reading);
    }

    [Fact]
    public async Task Should_ask_again_when_the_connection_broke_before_the_answer_began()
    {
        var reading = Read();
        (await _server.NextCallAsync()).Cut();
        var call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await reading);
    }

    [Fact]
    public async Task Should_not_wait_for_a_server_that_asks_for_long_patience()
    {
        var reading = Read();
        await (await _server.NextCallAsync()).RefuseAsync(429, "", retryAfter: "3600");
        Assert.Equal("The model server answered 429.", ReasonOf(await reading));
        Assert.False(_server.HasCall);
    }

    [Fact]
    public async Task Should_do_without_counts_of_tokens()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        await call.DataAsync("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await call.DataAsync("[DONE]");
        call.End();
        var end = Assert.IsType<StreamEnd.Complete>(await reading).End;
        Assert.Equal((0, 0), (end.TokensIn, end.TokensOut));
    }

    [Fact]
    public async Task Should_fail_where_the_last_word_has_no_reason()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        await call.DataAsync("""{"choices":[{"index":0,"delta":{},"finish_reason":null}]}""");
        await call.DataAsync("[DONE]");
        call.End();
        Assert.Equal("The answer ended without its end.", ReasonOf(await reading));
    }

    [Fact]
    public async Task Should_fail_on_an_error_in_the_midst_of_the_answer()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release is");
        await call.DataAsync("""{"error":{"message":"out of memory","type":"server_error","code":500}}""");
        call.End();
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_fail_on_a_web_page()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.BytesAsync("<html>Please log in</html>"u8.ToArray(), "text/html");
        call.End();
        Assert.Equal("The model server's answer is no event stream (text/html).", ReasonOf(await reading));
    }

    [Fact]
    public async Task Should_fail_on_bytes_that_are_no_text()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        byte[] bytes =
        [
            .. """data: {"choices":[{"index":0,"delta":{"content":" """u8,
            0xff,
            0xc3,
            0x28,
            .. "\"},\"finish_reason\":null}]}\n\n"u8,
        ];
        await call.BytesAsync(bytes);
        await call.FinishAsync();
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_fail_on_a_line_without_end()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        var piece = new byte[256 * 1024];
        piece.AsSpan().Fill((byte)'a');
        while (!reading.IsCompleted && !call.Aborted.IsCompleted)
        {
            try
            {
                await call.BytesAsync(piece);
            }
            catch (Exception hungUp)
                when (hungUp is IOException or OperationCanceledException or InvalidOperationException)
            {
                break;
            }
        }
        Assert.Equal("The model server's answer is longer than an answer can be.", ReasonOf(await reading));
    }

    [Fact]
    public async Task Should_leave_a_failing_server_alone_and_try_it_later_with_one_run()
    {
        for (var run = 0; run < Settings.BreakAfter; run++)
        {
            var failing = Read();
            await (await _server.NextCallAsync()).RefuseAsync(400, "");
            AssertFailed(await failing);
        }
        Assert.Contains("left alone for now", ReasonOf(await Read()), StringComparison.Ordinal);
        Assert.False(_server.HasCall);

        _time.Advance(Settings.BreakFor);
        var probe = Read();
        var call = await _server.NextCallAsync();
        Assert.Contains("left alone for now", ReasonOf(await Read()), StringComparison.Ordinal);
        await call.SayAsync(Answer);
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await probe);

        var next = Read();
        call = await _server.NextCallAsync();
        await call.SayAsync(Answer);
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await next);
        Assert.Equal([LogLevel.Warning, LogLevel.Information, LogLevel.Information], _log.Levels);
    }

    private static string ReasonOf(StreamEnd end) => Assert.IsType<StreamEnd.Failed>(end).Reason.Message;

    [Theory]
    [InlineData("data: {\"choices\":[{\"del\n\n")]
    [InlineData("data: 17\n\n")]
    [InlineData("<html>It works!</html>")]
    [InlineData("\0\u0001\u0002")]
    public async Task Should_fail_on_garbage(string garbage)
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.BytesAsync(Encoding.UTF8.GetBytes(garbage));
        call.End();
        AssertFailed(await reading);
    }

    [Fact]
    public async Task Should_not_carry_the_prompt_to_where_it_is_sent_on()
    {
        await using var elsewhere = await ModelServer.StartAsync();
        var reading = Read();
        var call = await _server.NextCallAsync();
        await call.RefuseAsync(307, "", $"{elsewhere.Endpoint}/chat/completions");
        AssertFailed(await reading);
        Assert.False(elsewhere.HasCall);
    }

    [Fact]
    public async Task Should_fail_when_nobody_listens()
    {
        await _server.DisposeAsync();
        AssertFailed(await Read());
    }

    // Only against hanging for ever: how fast it is, a busy machine decides.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Should_keep_what_came_and_hang_up_on_a_server_that_falls_silent()
    {
        var reading = Read(noProgress: TimeSpan.FromSeconds(3));
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release is on Friday");
        Assert.Equal("The release is on Friday", Assert.IsType<StreamEnd.Stalled>(await reading).Text);
        await call.Aborted.WaitAsync(Patience);
    }

    [Fact]
    public async Task Should_outlast_a_slow_server_that_is_alive()
    {
        var noProgress = TimeSpan.FromSeconds(2);
        var reading = Read(noProgress);
        var call = await _server.NextCallAsync();
        var since = TimeProvider.System.GetTimestamp();
        // In all longer than the limit, each silence shorter.
        foreach (var piece in new[] { "The release", " is on", " Friday", " at noon", " [#1]." })
        {
            await Task.Delay(noProgress / 4);
            await call.SayAsync(piece);
        }
        Assert.True(TimeProvider.System.GetElapsedTime(since) > noProgress);
        await call.FinishAsync();
        Assert.IsType<StreamEnd.Complete>(await reading);
    }

    [Fact]
    public async Task Should_hang_up_when_cancelled()
    {
        var said = new TaskCompletionSource();
        var reading = Read(passOn: _ => said.TrySetResult());
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release");
        await said.Task;
        await _cancel.CancelAsync();
        await call.Aborted.WaitAsync(Patience);
        Assert.IsType<StreamEnd.Cancelled>(await reading);
    }

    [Fact]
    public async Task Should_hang_up_when_cancelled_before_the_first_piece()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await _cancel.CancelAsync();
        await call.Aborted.WaitAsync(Patience);
        Assert.IsType<StreamEnd.Cancelled>(await reading);
    }

    private sealed class FakeLogger : ILogger
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Levels.Add(logLevel);
    }
}
