using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Bench.Inference;

/// <summary>One round's figures of the two that are compared.</summary>
internal sealed record Pair(Effort Base, Effort Other);

/// <summary>What the engine costs over the bare library, and what batches and kept prefixes bring.</summary>
internal sealed class EngineBenchmark(string model, int rounds, int tokens)
{
    private const int Conversations = 8;
    private const int LongContext = 2000;

    private static readonly string[] Subjects =
    [
        "printers",
        "sailing",
        "bread",
        "old trains",
        "the moon",
        "chess",
        "gardens",
        "rivers",
    ];

    /// <summary>The engine with one conversation beside the plain loop; both must say the same.</summary>
    public List<Pair> AgainstPlainLoop()
    {
        using var engine = Open(1, 1024);
        using var plain = new PlainLoop(model, 1024, 512);
        var prompt = Question(engine, 0);
        var pairs = new List<Pair>();
        for (var round = -1; round < rounds; round++)
        {
            var first = plain.Prompt(prompt);
            var (expected, bare) = Effort.Of(() => plain.Generate(first, prompt.Length, tokens));
            var next = EngineLoop.Prompt(engine, 0, prompt);
            var (said, ours) = Effort.Of(() => EngineLoop.Generate(engine, [next], [prompt.Length], tokens)[0]);
            Same(expected, said, "The engine and the plain loop differ");
            Add(pairs, round, new(bare, ours));
        }

        return pairs;
    }

    /// <summary>Eight conversations at once beside one; each must say what it says alone.</summary>
    public List<Pair> EightAgainstOne()
    {
        using var engine = Open(Conversations, 512);
        using var solo = Open(1, 512);
        var prompts = Enumerable.Range(0, Conversations).Select(i => Question(engine, i)).ToArray();
        var positions = prompts.Select(p => p.Length).ToArray();
        var alone = prompts.Select(p => Alone(solo, p)).ToArray();
        var pairs = new List<Pair>();
        for (var round = 0; round < rounds; round++)
        {
            var start = EngineLoop.Prompt(solo, 0, prompts[0]);
            var one = Effort.Of(() => EngineLoop.Generate(solo, [start], [positions[0]], tokens)).Effort;
            var next = prompts.Select((p, s) => EngineLoop.Prompt(engine, s, p)).ToArray();
            var (all, eight) = Effort.Of(() => EngineLoop.Generate(engine, next, positions, tokens));
            for (var s = 0; s < Conversations; s++)
            {
                Same(alone[s], all[s], $"Conversation {s} is another one in a batch");
            }

            Add(pairs, round, new(one, eight));
        }

        return pairs;
    }

    /// <summary>The first token of a follow-up after 2,000 tokens: all read again, and only what is new.</summary>
    public List<Pair> FollowUp()
    {
        using var engine = Open(1, 2048);
        var context = engine.Tokenize(string.Concat(Enumerable.Repeat(Story, 60)), true, false)[..LongContext];
        int[] whole = [.. context, .. engine.Tokenize("\nAnd who of them said that it was late?", false, false)];
        var pairs = new List<Pair>();
        for (var round = 0; round < rounds; round++)
        {
            var (cold, reading) = Effort.Of(() => EngineLoop.Prompt(engine, 0, whole));
            var (kept, following) = Effort.Of(() => EngineLoop.Prompt(engine, 0, whole, LongContext));
            Same([cold], [kept], "The kept prefix leads to another token");
            Add(pairs, round, new(reading, following));
        }

        return pairs;
    }

    private const string Story =
        "Ana asked whether the ferry still goes on Sundays. Bo said it does, but only from the north pier, and late. "
        + "Cem had the timetable of last year and promised to look for the new one before the weekend comes. ";

    private int[] Alone(LlamaEngine engine, int[] prompt) =>
        EngineLoop.Generate(engine, [EngineLoop.Prompt(engine, 0, prompt)], [prompt.Length], tokens)[0];

    private static int[] Question(LlamaEngine engine, int i) =>
        engine.Tokenize(
            engine.ApplyTemplate([new("user", $"Tell me something about {Subjects[i]} that few people know.")]),
            addBeginning: false,
            parseSpecial: true
        );

    private LlamaEngine Open(int sequences, int context) =>
        new(
            new LlamaEngineOptions
            {
                ModelPath = model,
                Sequences = sequences,
                ContextTokens = context,
                BatchTokens = 512,
            }
        );

    /// <summary>Rounds below 0 only warm up.</summary>
    private static void Add(List<Pair> pairs, int round, Pair pair)
    {
        if (round >= 0)
        {
            pairs.Add(pair);
        }
    }

    private static void Same(int[] expected, int[] found, string complaint)
    {
        if (!expected.AsSpan().SequenceEqual(found))
        {
            throw new InvalidOperationException(
                $"{complaint}: {string.Join(' ', expected)} / {string.Join(' ', found)}"
            );
        }
    }
}
