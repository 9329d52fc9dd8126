using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Llama;

namespace ChatAi.Llama.Tests.Scheduling;

/// <summary>The scheduler over llama.cpp with a model that the tests write: words without meaning, computed as any are.</summary>
public sealed class RealEngineTests(LlamaFixture fixture) : IClassFixture<LlamaFixture>
{
    private const string Instructions =
        "Instructions that are the same for every chat, so that they are computed once. ";

    private static GenerationRequest Request(int chat, int turn, float temperature) =>
        new(
            $"chat-{chat}",
            [
                new TemplateMessage("system", Instructions),
                new TemplateMessage(
                    "user",
                    $"Chat {chat} says 😀 " + string.Concat(Enumerable.Repeat($"word{chat} ", turn * 4))
                ),
            ],
            GenerationClass.Asked,
            new GenerationOptions(24, chat * 31 + turn, temperature, [])
        );

    private static async Task<(string Text, GenerationResult Result)> AnswerAsync(
        InferenceScheduler scheduler,
        GenerationRequest request,
        CancellationToken leave = default
    )
    {
        var text = "";
        GenerationResult? result = null;
        await foreach (var piece in scheduler.GenerateAsync(request, leave))
        {
            text += piece.Text;
            result = piece.Result ?? result;
        }

        return (text, result!);
    }

    private InferenceScheduler Open(int sequences, long stateBytes = 1 << 20, int batch = 64) =>
        new(fixture.Open(sequences, batch: batch), new SchedulerSettings(100, 8, stateBytes), TimeProvider.System);

    [SkippableFact]
    public async Task Should_say_the_same_in_a_batch_with_kept_saved_and_shared_beginnings_as_alone()
    {
        var requests = Enumerable
            .Range(1, 4)
            .SelectMany(turn => Enumerable.Range(0, 5).Select(chat => Request(chat, turn, 0)))
            .ToList();
        var alone = new List<string>();
        foreach (var request in requests)
        {
            using var fresh = Open(1);
            alone.Add((await AnswerAsync(fresh, request)).Text);
        }

        using var scheduler = Open(3);
        var cached = 0;
        foreach (var (turn, asked) in requests.Chunk(5).Index())
        {
            var answers = await Task.WhenAll(asked.Select(r => AnswerAsync(scheduler, r)));
            Assert.Equal(alone.Skip(turn * 5).Take(5), answers.Select(a => a.Text));
            cached += answers.Sum(a => a.Result.CachedTokens);
        }

        Assert.True(cached > 0);
        Assert.True(alone.Distinct().Count() > 10);
    }

    [SkippableFact]
    public async Task Should_say_the_same_with_the_same_seed_and_something_else_with_another()
    {
        var answers = new List<string>();
        foreach (var seed in new[] { 1, 2, 1 })
        {
            using var scheduler = Open(1);
            var request = Request(1, 2, 1);
            request = request with { Options = request.Options with { Seed = seed } };
            answers.Add((await AnswerAsync(scheduler, request)).Text);
        }

        Assert.Equal(answers[0], answers[2]);
        Assert.NotEqual(answers[0], answers[1]);
    }

    [SkippableFact]
    public async Task Should_end_a_long_prompt_soon_after_its_asker_left_and_go_on()
    {
        using var scheduler = Open(2);
        using var leave = new CancellationTokenSource();
        var other = AnswerAsync(scheduler, Request(1, 16, 0));
        var leaving = AnswerAsync(scheduler, Request(2, 16, 0), leave.Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        using var fresh = Open(1);
        Assert.Equal((await AnswerAsync(fresh, Request(1, 16, 0))).Text, (await other).Text);
    }
}
