namespace ChatAi.Faults.Plans;

/// <summary>What a person does next.</summary>
/// <param name="Pause">Before it.</param>
public abstract record Act(TimeSpan Pause)
{
    public sealed record Say(TimeSpan Pause, int Chat, Guid Cid, string Text, bool AsksAssistant) : Act(Pause);

    /// <summary>Sends an earlier message again with the same <c>cid</c>: the answer must be the first one.</summary>
    /// <param name="Back">Which of the own messages that stand, counted from the newest.</param>
    public sealed record Repeat(TimeSpan Pause, int Back) : Act(Pause);

    public sealed record Edit(TimeSpan Pause, int Back, string Text) : Act(Pause);

    public sealed record Delete(TimeSpan Pause, int Back) : Act(Pause);

    /// <summary>Breaks the connection off and resumes on another node.</summary>
    /// <param name="Hop">How many nodes further.</param>
    public sealed record Move(TimeSpan Pause, int Hop) : Act(Pause);
}

/// <summary>All that a person does, without end: the same seed gives the same acts, whatever the answers are.</summary>
public static class PersonScript
{
    public static IEnumerable<Act> Of(int seed, int person, Cast cast, double actsPerSecond)
    {
        var random = new Random(HashCode(seed, person));
        int[] chats = [.. cast.ChatsOf(person)];
        for (var i = 0; ; i++)
        {
            // Exponential pauses, cut so that nobody falls silent.
            var pause = TimeSpan.FromSeconds(Math.Min(-Math.Log(1 - random.NextDouble()), 4) / actsPerSecond);
            var chat = chats[random.Next(chats.Length)];
            var back = random.Next(8);
            yield return random.Next(100) switch
            {
                < 4 => new Act.Say(pause, chat, Id(random), $"@AI what did anybody say of number {i - 3}?", true),
                < 10 => new Act.Edit(pause, back, $"number {i} of person {person}, edited"),
                < 13 => new Act.Delete(pause, back),
                < 17 => new Act.Repeat(pause, back),
                < 18 => new Act.Move(pause, 1 + random.Next(3)),
                _ => new Act.Say(pause, chat, Id(random), $"number {i} of person {person}", false),
            };
        }
    }

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    // Stable across processes, unlike the platform's.
    private static int HashCode(int seed, int person) => unchecked((seed * 397) ^ ((person + 1) * 7919));
}
