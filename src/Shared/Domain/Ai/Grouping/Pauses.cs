namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>The talk a line falls into: what was said since the last long pause.</summary>
/// <param name="First">Index of its first line; the new line's own index where the pause came just before it.</param>
/// <param name="People">How many people take part, the new line's author included.</param>
internal sealed record Talk(int First, int People);

/// <summary>
/// What a busy public channel cannot teach: pauses of a quiet chat and the habits of a small circle. The three
/// numbers are choices, not fitted, and do not apply in a channel with more than a few speakers and no pause.
/// </summary>
internal static class Pauses
{
    /// <summary>After so long a silence a line starts anew unless it answers somebody by name.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>So few people usually share one conversation.</summary>
    public const int SmallCircle = 5;

    /// <summary>How much dearer starting anew is in a small circle, in the model's scores.</summary>
    public const double StayTogether = 3;

    private const int LookBack = 50;

    public static Talk Read(GroupingState state, LineFacts m)
    {
        var people = new HashSet<int> { m.Author };
        var later = m;
        var first = m.Index;
        while (first > 0 && m.Index - first < LookBack)
        {
            var c = state.At(first - 1);
            if (later.Line.At - c.Line.At > Long)
                return new Talk(first, people.Count);
            people.Add(c.Author);
            later = c;
            first--;
        }

        // Longer than the look-back: nothing is cut off but what a pause cuts off.
        return new Talk(first == 0 ? 0 : FirstSince(state, first), people.Count);
    }

    /// <summary>An address reaches over a pause, and so does the first answer to a question put to its author.</summary>
    public static bool Bridges(LineFacts m, LineFacts c) =>
        c.Author != m.Author
        && (m.Addressee == c.Author || (c.Addressee == m.Author && c.IsQuestion && c.Answers == 0));

    /// <summary>
    /// The first thing another person says after a question that stood unanswered over the pause: between two people
    /// it is taken for the answer; among more it must look like one.
    /// </summary>
    public static bool IsLateAnswer(GroupingState state, LineFacts m, LineFacts c) =>
        c.Author != m.Author
        && c.IsQuestion
        && c.Answers == 0
        && !m.IsGreeting
        && !m.IsQuestion
        && (m.IsAnswer || m.Similarity(c) > 0 || OnlyTwo(state, m));

    /// <summary>A question to all is meant to begin something, also in a small circle.</summary>
    public static bool OpensTopic(LineFacts m) => m.IsQuestion && m.CallsToAll;

    private static bool OnlyTwo(GroupingState state, LineFacts m)
    {
        var other = state.At(m.Index - 1).Author;
        for (var i = m.Index - 1; i >= Math.Max(0, m.Index - LookBack); i--)
            if (state.At(i).Author != m.Author && state.At(i).Author != other)
                return false;
        return true;
    }

    private static int FirstSince(GroupingState state, int index)
    {
        var oldest = Math.Max(0, index - GroupingState.Window);
        while (index > oldest && state.At(index).Line.At - state.At(index - 1).Line.At <= Long)
            index--;
        return index;
    }
}
