using ChatAi.ChatNode.Ai.Llama;

namespace ChatAi.Llama.Tests.Scheduling;

public sealed class SamplingTests
{
    private static readonly float[] Logits = [.. Enumerable.Range(0, 500).Select(i => (float)(i * 7919 % 500) / 50)];

    // So many tokens of which none is a candidate.
    private static int[] Nothing(int count) => [.. Enumerable.Repeat(-1, count)];

    [Fact]
    public void Should_take_the_likeliest_when_cold()
    {
        var best = Array.IndexOf(Logits, Logits.Max());
        Assert.Equal(best, new Sampler(0, 1).Next(Logits, []));
    }

    [Fact]
    public void Should_make_less_likely_what_was_said_lately_and_only_that()
    {
        float[] logits = [1, 2.0f, 1.95f];
        Assert.Equal(1, new Sampler(0, 1).Next(logits, []));
        Assert.Equal(2, new Sampler(0, 1).Next(logits, [1]));
        float[] below = [-3, -2.0f, -2.05f];
        Assert.Equal(2, new Sampler(0, 1).Next(below, [1]));
    }

    [Fact]
    public void Should_draw_by_its_seed_alone_and_only_what_is_likely()
    {
        List<int> Draw(long seed)
        {
            var sampler = new Sampler(1, seed);
            return [.. Enumerable.Range(0, 200).Select(step => sampler.Next(Logits, Nothing(step)))];
        }

        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
        Assert.True(Draw(5).Distinct().Count() > 3);
        var likely = Logits.Max() + Math.Log(0.05) - 0.001;
        Assert.All(Draw(7), token => Assert.True(Logits[token] >= likely));
    }

    [Fact]
    public void Should_draw_each_as_often_as_it_is_likely()
    {
        float[] logits = [MathF.Log(3), 0];
        var sampler = new Sampler(1, 42);
        var first = Enumerable.Range(0, 4_000).Count(step => sampler.Next(logits, Nothing(step)) == 0);
        Assert.InRange(first / 4_000.0, 0.72, 0.78);
    }

    [Theory]
    [InlineData(1, 24, true)]
    [InlineData(1, 23, false)]
    [InlineData(8, 32, true)]
    [InlineData(8, 31, false)]
    [InlineData(64, 256, true)]
    [InlineData(65, 400, false)]
    public void Should_see_a_circle_once_it_was_gone_round_often_enough(int period, int tokens, bool expected)
    {
        int[] before = [900, 901, 902];
        var output = before.Concat(Enumerable.Range(0, tokens).Select(i => i % period)).ToList();
        Assert.Equal(expected, LoopDetector.IsLooping(output));
    }

    [Fact]
    public void Should_keep_saved_states_within_their_bytes_and_drop_the_longest_unused()
    {
        var store = new PrefixStore(100);
        store.Put("a", [1], new byte[40]);
        store.Put("b", [2], new byte[40]);
        store.Put("c", [3], new byte[40]);
        Assert.Equal(0, store.TokensOf("a").Length);
        Assert.Equal(80, store.Bytes);
        store.Put("d", [4], new byte[101]);
        Assert.Equal((80L, 2), (store.Bytes, store.Count));
        Assert.Equal([2], store.Take("b")!.Value.Tokens);
        Assert.Null(store.Take("b"));
        Assert.Equal(40, store.Bytes);
    }
}
