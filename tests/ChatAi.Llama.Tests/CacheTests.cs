using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Llama.Tests;

public sealed class CacheTests(LlamaFixture models) : IClassFixture<LlamaFixture>
{
    private const int Shared = 200;
    private const int Answer = 40;
    private static readonly int[] Prefix = [1, .. Enumerable.Range(0, Shared - 1).Select(i => 261 + i * 7 % 70)];
    private static readonly int[] Ending = [300, 280, 313, 277, 290];

    [SkippableFact]
    public void Should_go_on_from_a_kept_prefix_as_from_the_whole()
    {
        using var engine = models.Open();
        var expected = Greedy.Answer(engine, 0, [.. Prefix, .. Ending], Answer);

        Greedy.Answer(engine, 0, [.. Prefix, 310, 311, 312], 10);
        Assert.True(engine.Truncate(0, Shared));

        Assert.Equal(expected, Resume(engine, 0));
    }

    [SkippableFact]
    public void Should_go_on_from_a_copied_prefix_as_from_the_whole()
    {
        using var engine = models.Open(sequences: 3);
        var expected = Greedy.Answer(engine, 0, [.. Prefix, .. Ending], Answer);

        // The target holds something else before, and the source is emptied at once after it.
        Greedy.Answer(engine, 2, [5, 6, 7, 8], 10);
        engine.CopyPrefix(0, 2, Shared);
        engine.Truncate(0, 0);
        Greedy.Answer(engine, 0, [9, 10, 11], 10);

        Assert.Equal(expected, Resume(engine, 2));
        Assert.Throws<ArgumentException>(() => engine.CopyPrefix(1, 1, 1));
    }

    [SkippableFact]
    public void Should_go_on_from_a_saved_state_as_from_the_whole()
    {
        using var engine = models.Open(sequences: 2);
        var expected = Greedy.Answer(engine, 0, [.. Prefix, .. Ending], Answer);
        engine.Truncate(0, 0);
        Greedy.Read(engine, 0, Prefix);
        var state = engine.Save(0);

        using var other = models.Open(sequences: 2);
        Assert.True(other.Restore(1, state));

        Assert.Equal(expected, Resume(other, 1));
    }

    [SkippableFact]
    public void Should_save_what_was_just_copied()
    {
        using var engine = models.Open(sequences: 3);
        var expected = Greedy.Answer(engine, 0, [.. Prefix, .. Ending], Answer);

        engine.CopyPrefix(0, 1, Shared);
        var state = engine.Save(1);
        Assert.True(engine.Restore(2, state));

        Assert.Equal(expected, Resume(engine, 2));
    }

    [SkippableFact]
    public void Should_refuse_a_state_that_does_not_fit_and_be_empty_then()
    {
        using var engine = models.Open(sequences: 2);
        var expected = Greedy.Answer(engine, 0, [.. Prefix, .. Ending], Answer);
        engine.Truncate(0, Shared);
        var state = engine.Save(0);
        using var stranger = models.Open(sequences: 2, model: models.Model(seed: 2));
        using var small = models.Open(sequences: 2, context: 64);

        Assert.False(stranger.Restore(0, state));
        Assert.False(engine.Restore(1, state.AsSpan(0, state.Length / 2)));
        Assert.False(engine.Restore(1, []));
        Assert.False(engine.Restore(1, new byte[1000]));
        foreach (var place in new[] { 0, 90, 200, state.Length / 2, state.Length - 1 })
        {
            var broken = state.ToArray();
            broken[place] ^= 4;
            Assert.False(engine.Restore(1, broken));
        }

        // Empty: it takes a prompt from position 0 on.
        Assert.Equal(expected, Greedy.Answer(engine, 1, [.. Prefix, .. Ending], Answer));
        Assert.False(small.Restore(0, state));
        Greedy.Read(small, 0, [1, 300]);
    }

    private static int[] Resume(IInferenceEngine engine, int sequence) =>
        Greedy.Continue(
            engine,
            sequence,
            Greedy.Read(engine, sequence, Ending, Shared),
            Shared + Ending.Length,
            Answer
        );
}
