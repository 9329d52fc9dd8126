using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>The assistant of a server without a model.</summary>
public sealed class QuotingTests : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["ChatAi__Ai__SweepSeconds"] = "1" });
        _scene = await Scene.OpenAsync(_server.Url);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Should_answer_a_mention_with_deltas_and_one_message_that_cites()
    {
        var seqs = await _scene.TalkAsync(
            "The release is on Friday at noon.",
            "Who writes the notes?",
            "I have the keys of the server room in my drawer."
        );
        var asked = await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI where are the keys of the server room?");
        var answer = await _scene.BobsSocket.AnswerAsync(_scene.Chat);
        Assert.Equal(Wire.Assistant, answer.Sender);
        Assert.Equal(asked.Seq, answer.Field("reply_to")!.Value.GetInt64());
        Assert.Contains(seqs[2], answer.Cites);
        Assert.Contains("in my drawer", answer.Text, StringComparison.Ordinal);
        var run = answer.Run!.Value;
        await _scene.BobsSocket.EndOfRunAsync(run);
        Assert.Equal(answer.Text, _scene.BobsSocket.DeltasOf(run));
        var started = _scene.BobsSocket.Seen.Single(e => e.Ev == "ai.started");
        Assert.Equal((run, "reply"), (started.Run, started.Field("kind")!.Value.GetString()));
        // The other member sees the same, and the assistant does not answer itself.
        Assert.Equal(answer.Text, (await _scene.AnnsSocket.AnswerAsync(_scene.Chat)).Text);
        var last = await _scene.AnnsSocket.SendAsync(_scene.Chat, "Thanks!");
        Assert.Equal(answer.Seq + 1, last.Seq);
    }

    [Fact]
    public async Task Should_say_how_an_answer_came_about()
    {
        await _scene.TalkAsync("The release is on Friday at noon.", "Good, then I book the room.");
        var run = (await _scene.BobsSocket.AskAiAsync(_scene.Chat, "summarize")).Run;
        Assert.Equal("done", (await _scene.BobsSocket.EndOfRunAsync(run)).StatusOf());
        var answer = await _scene.BobsSocket.AnswerAsync(_scene.Chat);
        var told = await Eventually(() => _scene.Bob.Api.RunAsync(run), r => Text(r, "status") == "done");
        Assert.Equal(answer.Text, Text(told, "text"));
        Assert.Equal("extractive", Text(told, "provider"));
        Assert.Equal(2, told.GetProperty("first_seq").GetInt64());
        Assert.Equal(3, told.GetProperty("last_seq").GetInt64());
        Assert.Equal(answer.Cites, told.GetProperty("cites").EnumerateArray().Select(c => c.GetInt64()));
    }

    [Fact]
    public async Task Should_catch_up_the_asker_alone_and_post_nothing()
    {
        var seqs = await _scene.TalkAsync("Old news about the budget.", "I know.", "The meeting moved to room seven.");
        await _scene.BobsSocket.AckAsync(_scene.Chat, read: seqs[1]);
        var run = (await _scene.BobsSocket.AskAiAsync(_scene.Chat, "catchup")).Run;
        var ended = await _scene.BobsSocket.EndOfRunAsync(run);
        Assert.Equal("done", ended.StatusOf());
        Assert.Contains("room seven", ended.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("budget", ended.Text, StringComparison.Ordinal);
        Assert.Equal([seqs[2]], ended.Cites);
        // What Ann's socket has by the time of a later message is all that she was sent.
        var after = await _scene.BobsSocket.SendAsync(_scene.Chat, "Done.");
        await _scene.AnnsSocket.WaitForSeqAsync(_scene.Chat, after.Seq);
        Assert.Equal(seqs[2] + 1, after.Seq);
        Assert.DoesNotContain(_scene.AnnsSocket.Seen, e => e.Ev.StartsWith("ai.", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => _scene.Ann.Api.RunAsync(run));
        Assert.Equal("not_found", refused.Code);
    }

    [Fact]
    public async Task Should_answer_without_a_mention_in_a_chat_with_the_assistant()
    {
        var sent = await _scene.AnnsSocket.SendToAsync(Wire.Assistant, "My locker has the number 4711, remember it.");
        await _scene.AnnsSocket.AnswerAsync(sent.Chat);
        var mark = _scene.AnnsSocket.Mark();
        await _scene.AnnsSocket.SendAsync(sent.Chat, "Which number has my locker?");
        var answer = await _scene.AnnsSocket.AnswerAsync(sent.Chat, mark);
        Assert.Contains("4711", answer.Text, StringComparison.Ordinal);
        Assert.Contains(sent.Seq, answer.Cites);
    }

    [Fact]
    public async Task Should_keep_a_rolling_summary_and_forget_a_changed_message_at_once()
    {
        const string secret = "The vault opens with the word marzipan, keep it to yourselves please.";
        var lines = Enumerable.Range(1, 119).Select(i => $"Point {i}: the {Thing(i)} is ready and was tested twice.");
        var seqs = await _scene.TalkAsync([secret, .. lines]);
        var summary = await Eventually(() => _scene.Ann.Api.SummaryAsync(_scene.Chat), _ => true);
        Assert.NotEmpty(summary.Cites!);
        Assert.All(summary.Cites!, cite => Assert.InRange(cite, seqs[0], summary.LatestSummarizedSeq));
        Assert.True(summary.LatestSummarizedSeq >= seqs[49]);

        await _scene.AnnsSocket.RequestAsync(
            "message.edit",
            new
            {
                chat = _scene.Chat,
                seq = seqs[0],
                text = "The vault stays shut.",
            }
        );
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => _scene.Ann.Api.SummaryAsync(_scene.Chat));
        Assert.Equal("not_found", refused.Code);
        var anew = await Eventually(() => _scene.Ann.Api.SummaryAsync(_scene.Chat), _ => true);
        Assert.DoesNotContain("marzipan", anew.RollingSummaryText, StringComparison.Ordinal);

        await _scene.AnnsSocket.RequestAsync("message.delete", new { chat = _scene.Chat, seq = seqs[0] });
        await Assert.ThrowsAsync<ChatErrorException>(() => _scene.Ann.Api.SummaryAsync(_scene.Chat));
        var last = await Eventually(() => _scene.Ann.Api.SummaryAsync(_scene.Chat), _ => true);
        Assert.DoesNotContain("vault", last.RollingSummaryText, StringComparison.Ordinal);
        Assert.DoesNotContain(seqs[0], last.Cites!);
    }

    private static string Thing(int i) =>
        new[] { "boiler", "ladder", "projector", "generator", "signpost", "curtain", "barrel" }[i % 7] + i;

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    /// <summary>Asks until the answer is there and fits: what the assistant makes by itself has no event to wait for.</summary>
    private static async Task<T> Eventually<T>(Func<Task<T>> ask, Func<T, bool> fits)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                var answer = await ask();
                if (fits(answer))
                    return answer;
            }
            catch (ChatErrorException notYet) when (notYet.Code == "not_found" && !late.IsCancellationRequested) { }
            await Task.Delay(100, late.Token);
        }
    }
}
