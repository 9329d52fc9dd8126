using System.Text;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Work;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Testing.Models;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai.Providers;

/// <summary>The provider <c>openai</c> against a real HTTP server.</summary>
public sealed class OpenAiProviderSpecs : IAsyncLifetime
{
    private const string Answer = "The release is on Friday at noon [#1].";
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<Delta> _deltas = [];
    private ModelServer _server = null!;
    private ChatClientProvider _provider = null!;

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
            }
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
    public async Task Should_fail_when_the_server_fails_twice_and_not_ask_for_ever()
    {
        var reading = Read();
        for (var i = 0; i < 2; i++)
            await (await _server.NextCallAsync()).RefuseAsync(500, "{\"error\":{\"message\":\"out of memory\"}}");
        AssertFailed(await reading);
        Assert.False(_server.HasCall);
    }

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

    [Fact]
    public async Task Should_keep_what_came_and_hang_up_on_a_server_that_falls_silent()
    {
        var reading = Read(noProgress: TimeSpan.FromSeconds(3));
        var call = await _server.NextCallAsync();
        await call.SayAsync("The release is on Friday");
        Assert.Equal("The release is on Friday", Assert.IsType<StreamEnd.Stalled>(await reading).Text);
        await call.Aborted.WaitAsync(TimeSpan.FromSeconds(1));
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
        await call.Aborted.WaitAsync(TimeSpan.FromSeconds(1));
        Assert.IsType<StreamEnd.Cancelled>(await reading);
    }

    [Fact]
    public async Task Should_hang_up_when_cancelled_before_the_first_piece()
    {
        var reading = Read();
        var call = await _server.NextCallAsync();
        await _cancel.CancelAsync();
        await call.Aborted.WaitAsync(TimeSpan.FromSeconds(1));
        Assert.IsType<StreamEnd.Cancelled>(await reading);
    }
}
