using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Llama.Tests;

public sealed class DecodeTests(LlamaFixture models) : IClassFixture<LlamaFixture>
{
    private const int Answer = 40;

    [SkippableFact]
    public void Should_answer_the_same_again_and_something_else_to_another_prompt()
    {
        using var engine = models.Open();
        var prompts = Prompts(engine, 2);

        var first = Greedy.Answer(engine, 0, prompts[0], Answer);
        var other = Greedy.Answer(engine, 0, prompts[1], Answer);

        Assert.Equal(first, Greedy.Answer(engine, 0, prompts[0], Answer));
        Assert.NotEqual(first, other);
        Assert.True(first.Distinct().Count() > 5, "The tiny model repeats itself: its answers prove nothing.");
    }

    [SkippableFact]
    public void Should_answer_eight_at_once_as_each_alone()
    {
        using var solo = models.Open();
        using var engine = models.Open(sequences: 8);
        var prompts = Prompts(engine, 8);
        var expected = prompts.Select(prompt => Greedy.Answer(solo, 0, prompt, Answer)).ToArray();

        // Prompts of different lengths in one batch, then one token of each a step.
        var batch = prompts.SelectMany((p, s) => p.Select((t, i) => new BatchToken(t, i, s, i == p.Length - 1)));
        var answers = prompts.Select(_ => new List<int>()).ToArray();
        for (var step = batch.ToArray(); answers[0].Count < Answer; step = Next())
        {
            Assert.Equal(DecodeOutcome.Done, engine.Decode(step));
            for (var i = 0; i < step.Length; i++)
            {
                if (step[i].WantsLogits)
                {
                    answers[step[i].Sequence].Add(Greedy.Best(engine.LogitsAt(i)));
                }
            }
        }

        Assert.Equal(8, expected.Select(answer => string.Join(' ', answer)).Distinct().Count());
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(expected[i], answers[i]);
        }

        BatchToken[] Next() =>
            [.. answers.Select((a, s) => new BatchToken(a[^1], prompts[s].Length + a.Count - 1, s, true))];
    }

    [SkippableFact]
    public void Should_not_mind_in_what_pieces_a_prompt_is_read()
    {
        using var whole = models.Open();
        using var pieces = models.Open(batch: 7);
        var prompt = Prompts(whole, 1)[0];

        Assert.Equal(Greedy.Answer(whole, 0, prompt, Answer), Greedy.Answer(pieces, 0, prompt, Answer));
    }

    [SkippableFact]
    public void Should_stop_when_told_and_be_of_use_after_it()
    {
        using var engine = models.Open();
        var prompt = Prompts(engine, 1)[0];
        var expected = Greedy.Answer(engine, 0, prompt, Answer);

        engine.Truncate(0, 0);
        engine.Abort();
        var batch = prompt.Select((t, i) => new BatchToken(t, i, 0, i == prompt.Length - 1)).ToArray();
        Assert.Equal(DecodeOutcome.Aborted, engine.Decode(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.LogitsAt(prompt.Length - 1).Length);
        engine.Truncate(0, 0);
        Assert.Equal(DecodeOutcome.Aborted, engine.Decode(batch));

        engine.ClearAbort();
        Assert.Equal(expected, Greedy.Answer(engine, 0, prompt, Answer));
    }

    [SkippableFact]
    public async Task Should_be_stopped_by_another_thread_in_the_middle()
    {
        using var engine = models.Open(batch: 256);
        var batch = Enumerable.Range(0, 256).Select(i => new BatchToken(70 + i % 100, i, 0, false)).ToArray();
        var starts = new SemaphoreSlim(0);
        var outcome = Task.Run(() =>
        {
            // Decodes on and on: only the abort ends it.
            DecodeOutcome last;
            do
            {
                engine.Truncate(0, 0);
                starts.Release();
                last = engine.Decode(batch);
            } while (last == DecodeOutcome.Done);
            return last;
        });

        await starts.WaitAsync();
        await starts.WaitAsync();
        engine.Abort();

        Assert.Equal(DecodeOutcome.Aborted, await outcome.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [SkippableFact]
    public void Should_say_full_beyond_the_context_and_keep_what_it_has()
    {
        using var engine = models.Open(context: 300);
        Assert.Equal(300, engine.Model.ContextTokens);
        var tokens = Enumerable.Range(0, 299).Select(i => 261 + i % 60).ToArray();
        var next = Greedy.Read(engine, 0, tokens);

        Assert.Equal(DecodeOutcome.Full, engine.Decode([new(next, 299, 0, false), new(next, 300, 0, true)]));

        using var fresh = models.Open(context: 300);
        Assert.Equal(Greedy.Read(fresh, 0, [.. tokens, next]), Greedy.Read(engine, 0, [next], 299));
    }

    [SkippableFact]
    public void Should_refuse_what_would_end_the_process()
    {
        using var engine = models.Open(sequences: 2, batch: 8);
        var token = new BatchToken(70, 0, 0, true);

        Assert.Throws<ArgumentException>(() => engine.Decode(Enumerable.Repeat(token, 9).ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode([token with { Sequence = 2 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode([token with { Sequence = -1 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode([token with { Token = 100_000 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode([token with { Position = -1 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.LogitsAt(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Truncate(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.CopyPrefix(0, 2, 1));

        // A gap between the tokens: the library itself says why.
        var gap = Assert.Throws<InvalidOperationException>(() => engine.Decode([token, token with { Position = 7 }]));
        Assert.Contains("llama.cpp refuses the batch", gap.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', gap.Message);
        Assert.Equal(DecodeOutcome.Done, engine.Decode([token]));
    }

    [SkippableFact]
    public void Should_be_quiet_after_the_end()
    {
        var engine = models.Open();
        engine.Dispose();

        engine.Abort();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Truncate(0, 0));
        Assert.Throws<ObjectDisposedException>(engine.ClearAbort);
    }

    private static int[][] Prompts(IInferenceEngine engine, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => engine.Tokenize($"question {new string((char)('a' + i), 2 + 3 * i)} ende", true, false)),
        ];
}
