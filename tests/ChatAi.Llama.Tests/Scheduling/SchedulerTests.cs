using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.Shared.Domain;
using CsCheck;

namespace ChatAi.Llama.Tests.Scheduling;

public sealed class SchedulerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Gen<string> Words = Gen.String[Gen.Char['a', 'z'], 1, 40];

    private sealed record Asked(int Chat, int Beginning, string Words, int MaxTokens, long Seed, bool Hot, bool Leaves);

    private static readonly Gen<Asked> AnyAsked = Gen.Select(
            Gen.Int[0, 4],
            Gen.Int[0, 2],
            Words,
            Gen.Int[1, 24],
            Gen.Long[0, 2],
            Gen.Bool,
            Gen.Bool
        )
        .Select(
            (chat, beginning, words, max, seed, hot, leaves) =>
                new Asked(chat, beginning, words, max, seed, hot, leaves)
        );

    private static GenerationRequest RequestOf(Asked asked) =>
        Request(
            $"chat-{asked.Chat}",
            new string((char)('k' + asked.Beginning), 60) + new string((char)('a' + asked.Chat), 20) + asked.Words,
            asked.MaxTokens,
            asked.Seed,
            asked.Hot ? 1 : 0
        );

    private static GenerationRequest Request(
        string key,
        string words,
        int maxTokens = 20,
        long seed = 0,
        float temperature = 0,
        GenerationClass generationClass = GenerationClass.Asked
    ) =>
        new(
            key,
            [new TemplateMessage("user", words)],
            generationClass,
            new GenerationOptions(maxTokens, seed, temperature, [])
        );

    private static async Task<(string Text, GenerationResult Result)> AnswerAsync(
        InferenceScheduler scheduler,
        GenerationRequest request,
        CancellationToken leave = default
    )
    {
        var text = "";
        GenerationResult? result = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(leave);
        patience.CancelAfter(Patience);
        await foreach (var piece in scheduler.GenerateAsync(request, patience.Token))
        {
            text += piece.Text;
            result = piece.Result ?? result;
        }

        Assert.NotNull(result);
        return (text, result);
    }

    private static InferenceScheduler Over(IInferenceEngine engine, SchedulerSettings? settings = null) =>
        new(engine, settings ?? new SchedulerSettings(), TimeProvider.System);

    private static async Task<(string Text, GenerationResult Result)> AloneAsync(GenerationRequest request)
    {
        using var scheduler = Over(new HashEngine(1));
        return await AnswerAsync(scheduler, request);
    }

    [Fact]
    public async Task Should_say_the_same_whoever_else_is_answered_and_whatever_is_kept()
    {
        await Gen.Select(AnyAsked.List[1, 14], Gen.Int[1, 3], Gen.Int[0, 600])
            .SampleAsync(
                async (asked, sequences, stateBytes) =>
                {
                    using var scheduler = Over(new HashEngine(sequences), new SchedulerSettings(100, 5, stateBytes));
                    var answers = asked.Select(a => a.Leaves ? LeaveAsync(a) : KeepAsync(a)).ToList();
                    foreach (var (a, answer) in asked.Zip(answers))
                    {
                        if (await answer is not { } got)
                        {
                            continue;
                        }

                        var alone = await AloneAsync(RequestOf(a));
                        Assert.Equal(alone.Text, got.Text);
                        Assert.Equal(alone.Result.Finish, got.Result.Finish);
                    }

                    async Task<(string Text, GenerationResult Result)?> KeepAsync(Asked a) =>
                        await AnswerAsync(scheduler, RequestOf(a));

                    // Leaves after the first words.
                    async Task<(string Text, GenerationResult Result)?> LeaveAsync(Asked a)
                    {
                        await foreach (var _ in scheduler.GenerateAsync(RequestOf(a), CancellationToken.None))
                        {
                            break;
                        }

                        return null;
                    }
                },
                iter: 150,
                threads: 1
            );
    }

    [Fact]
    public async Task Should_compute_only_what_is_new_when_a_chat_asks_again()
    {
        var engine = new HashEngine(1);
        using var scheduler = Over(engine);
        var words = new string('q', 100);
        var first = await AnswerAsync(scheduler, Request("chat", words, maxTokens: 5));
        var before = engine.Computed;
        var (_, result) = await AnswerAsync(scheduler, Request("chat", words + first.Text + "xyz", maxTokens: 1));

        Assert.InRange(result.CachedTokens, words.Length, words.Length + first.Text.Length);
        Assert.InRange(engine.Computed - before, 3, 3 + 2);
    }

    [Fact]
    public async Task Should_bring_back_what_a_chat_had_to_leave()
    {
        using var scheduler = Over(new HashEngine(1));
        var words = new string('q', 100);
        await AnswerAsync(scheduler, Request("one", words, 5));
        await AnswerAsync(scheduler, Request("two", new string('z', 100), 5));
        var (_, result) = await AnswerAsync(scheduler, Request("one", words + "more", 5));

        Assert.Equal(words.Length, result.CachedTokens);
    }

    [Fact]
    public async Task Should_share_the_instructions_among_chats()
    {
        using var scheduler = Over(new HashEngine(2));
        var instructions = new string('i', 80);
        await AnswerAsync(scheduler, Request("one", instructions + "abc", 5));
        var (_, result) = await AnswerAsync(scheduler, Request("two", instructions + "xyz", 5));

        Assert.Equal(instructions.Length, result.CachedTokens);
    }

    [Fact]
    public async Task Should_forget_a_chats_words_at_once_and_those_of_a_running_answer_at_its_end()
    {
        var engine = new HashEngine(2);
        using var scheduler = Over(engine);
        var secret = "thesecretwordsofachat" + new string('s', 60);
        await AnswerAsync(scheduler, Request("idle", secret, 3));
        scheduler.Forget("idle");
        await AnswerAsync(scheduler, Request("other", "hello", 3));
        Assert.False(engine.Holds(secret));

        await foreach (var _ in scheduler.GenerateAsync(Request("busy", secret, 20), CancellationToken.None))
        {
            scheduler.Forget("busy");
        }

        await AnswerAsync(scheduler, Request("other", "hello again", 3));
        Assert.False(engine.Holds(secret));
    }

    [Fact]
    public async Task Should_forget_a_chat_through_the_provider()
    {
        var engine = new HashEngine(2);
        var scheduler = Over(engine);
        var settings = new ChatClientSettings("llama", "hash", 512, 64, "ab", 2);
        using var provider = new ChatClientProvider(new LlamaChatClient(scheduler), settings);
        var chat = new ChatId(Guid.NewGuid());
        var secret = "thesecretwordsofachat" + new string('s', 60);
        await AnswerAsync(scheduler, Request(chat.ToString(), secret, 3));
        Assert.True(engine.Holds(secret));

        provider.Forget(chat);
        await AnswerAsync(scheduler, Request("other", "hello", 3));

        Assert.False(engine.Holds(secret));
    }

    [Fact]
    public async Task Should_make_one_answer_for_all_who_ask_the_same_at_once()
    {
        using var gate = new ManualResetEventSlim();
        var engine = new HashEngine(4) { BeforeDecode = gate.Wait };
        using var scheduler = Over(engine);
        var request = Request("chat", "what was said", 12);
        var all = Enumerable.Range(0, 5).Select(_ => AnswerAsync(scheduler, request)).ToList();
        gate.Set();
        var answers = await Task.WhenAll(all);

        Assert.Single(answers.Select(a => a.Text).Distinct());
        Assert.All(engine.Batches, sequences => Assert.Single(sequences));
        var alone = new HashEngine(1);
        using var other = Over(alone);
        await AnswerAsync(other, request);
        Assert.Equal(alone.Computed, engine.Computed);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "the same beginning for all of them, as long as instructions are: ")]
    public async Task Should_keep_nothing_of_a_state_or_copy_that_broke_off(int sequences, string beginning)
    {
        var engine = new HashEngine(sequences);
        using var scheduler = Over(engine);
        var first = Request("a", beginning + "what the first chat has to say, at a length that is worth keeping");
        var second = Request("b", beginning + "and the second one, which needs words enough as well for that");
        await AnswerAsync(scheduler, first);
        var asked = first;
        if (sequences == 1)
        {
            // Its one place goes to the other chat: the first one's comes back from its saved state.
            await AnswerAsync(scheduler, second);
        }
        else
        {
            asked = second;
        }

        var others = sequences == 1 ? 0 : engine.Held;
        engine.BreakNext = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => AnswerAsync(scheduler, asked));
        Assert.False(engine.BreakNext);
        Assert.Equal(others, engine.Held);
        Assert.Equal((await AloneAsync(asked)).Text, (await AnswerAsync(scheduler, asked)).Text);
    }

    [Fact]
    public async Task Should_answer_who_waited_for_the_model_to_load()
    {
        using var gate = new ManualResetEventSlim();
        using var scheduler = new InferenceScheduler(
            () =>
            {
                gate.Wait();
                return new HashEngine(1);
            },
            new SchedulerSettings(),
            TimeProvider.System
        );
        var request = Request("chat", "asked too early");
        var answer = AnswerAsync(scheduler, request);
        Assert.False(scheduler.Loaded.IsCompleted);

        gate.Set();

        Assert.Equal((await AloneAsync(request)).Text, (await answer).Text);
        Assert.Equal("hash", (await scheduler.Loaded).Name);
    }

    [Fact]
    public async Task Should_fail_who_waited_for_a_model_that_does_not_load()
    {
        using var gate = new ManualResetEventSlim();
        using var scheduler = new InferenceScheduler(
            () =>
            {
                gate.Wait();
                throw new EngineUnavailableException("no such model");
            },
            new SchedulerSettings(),
            TimeProvider.System
        );
        var answer = AnswerAsync(scheduler, Request("chat", "asked too early"));

        gate.Set();

        await Assert.ThrowsAsync<EngineUnavailableException>(() => answer.WaitAsync(Patience));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => scheduler.Loaded);
    }

    [Fact]
    public async Task Should_give_a_late_joiner_the_whole_answer_and_go_on_when_the_first_leaves()
    {
        using var scheduler = Over(new HashEngine(1));
        var request = Request("chat", "tell me", 20);
        Task<(string Text, GenerationResult Result)>? late = null;
        await foreach (var _ in scheduler.GenerateAsync(request, CancellationToken.None))
        {
            late = AnswerAsync(scheduler, request);
            break;
        }

        Assert.Equal((await AloneAsync(request)).Text, (await late!).Text);
    }

    [Fact]
    public async Task Should_break_off_a_decode_that_hangs_when_its_asker_leaves_and_serve_the_others_right()
    {
        var engine = new HashEngine(2) { HangNext = true };
        using var scheduler = Over(engine, new SchedulerSettings { AbortAfter = TimeSpan.FromMilliseconds(1) });
        using var leave = new CancellationTokenSource();
        var other = Request("other", "the other one", 15);
        var stayed = AnswerAsync(scheduler, other);
        var leaving = AnswerAsync(scheduler, Request("chat", "hanging", 20), leave.Token);
        await engine.Hangs.WaitAsync(Patience);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WaitAsync(Patience));

        Assert.Equal((await AloneAsync(other)).Text, (await stayed.WaitAsync(Patience)).Text);
        Assert.Equal(1, engine.Aborts);
        var again = Request("chat", "once more", 10);
        Assert.Equal((await AloneAsync(again)).Text, (await AnswerAsync(scheduler, again)).Text);
    }

    [Fact]
    public async Task Should_serve_replies_before_catch_ups_before_the_background()
    {
        using var gate = new ManualResetEventSlim();
        var engine = new HashEngine(1) { BeforeDecode = gate.Wait };
        using var scheduler = Over(engine);
        var all = new[]
        {
            AskAsync("first", GenerationClass.Asked),
            AskAsync("background", GenerationClass.Background),
            AskAsync("catch-up", GenerationClass.CatchUp),
            AskAsync("reply", GenerationClass.Asked),
        };
        gate.Set();
        await Task.WhenAll(all);

        Assert.Equal(engine.Tokenize("frcb", false, false), engine.Beginnings);

        Task AskAsync(string name, GenerationClass generationClass) =>
            AnswerAsync(scheduler, Request(name, name, 4, generationClass: generationClass));
    }

    [Fact]
    public async Task Should_refuse_more_than_may_wait_and_say_how_many_wait()
    {
        using var gate = new ManualResetEventSlim();
        using var scheduler = Over(new HashEngine(1) { BeforeDecode = gate.Wait }, new SchedulerSettings(2));
        var first = AnswerAsync(scheduler, Request("a", "words of a"));
        SpinWait.SpinUntil(() => scheduler.Waiting == 0, Patience);
        var waiting = new[] { "b", "c" }.Select(k => AnswerAsync(scheduler, Request(k, "words of " + k))).ToList();
        var refused = await Assert.ThrowsAsync<GenerationBusyException>(() =>
            AnswerAsync(scheduler, Request("d", "words of d"))
        );
        Assert.Equal(2, refused.Waiting);
        gate.Set();
        await first;
        await Task.WhenAll(waiting);
        await AnswerAsync(scheduler, Request("d", "words of d"));
    }

    [Fact]
    public async Task Should_refuse_a_prompt_that_does_not_fit_and_cut_an_answer_that_does_not()
    {
        using var scheduler = Over(new HashEngine(1, context: 64));
        var refused = await Assert.ThrowsAsync<PromptTooLongException>(() =>
            AnswerAsync(scheduler, Request("a", new string('x', 64)))
        );
        Assert.Equal(64, refused.Tokens);
        var (text, result) = await AnswerAsync(scheduler, Request("a", new string('x', 40), maxTokens: 1_000));
        Assert.True(result.Finish is GenerationFinish.Length or GenerationFinish.Stop);
        Assert.InRange(text.Length, 0, 24);
    }

    [Fact]
    public async Task Should_give_the_same_answer_for_the_same_seed_and_others_for_others()
    {
        using var scheduler = Over(new HashEngine(3));
        var asked = Enumerable
            .Range(0, 6)
            .Select(seed => Request("chat", "a story please", 24, seed % 3, temperature: 5));
        var answers = await Task.WhenAll(asked.Select(r => AnswerAsync(scheduler, r)));
        Assert.Equal(answers[0].Text, answers[3].Text);
        Assert.Equal(answers[1].Text, answers[4].Text);
        Assert.NotEqual(answers[0].Text, answers[1].Text);
    }

    [Fact]
    public async Task Should_tell_those_who_wait_when_it_ends_and_free_the_engine()
    {
        var engine = new HashEngine(1) { HangNext = true };
        var scheduler = Over(engine);
        var waiting = AnswerAsync(scheduler, Request("a", "words"));
        scheduler.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AnswerAsync(scheduler, Request("a", "words")));
        Assert.True(engine.IsDisposed);
    }
}
