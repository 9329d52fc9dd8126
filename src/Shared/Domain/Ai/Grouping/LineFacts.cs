namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>What the link features read of one line, computed once when the line is added.</summary>
internal sealed class LineFacts
{
    public required TranscriptLine Line { get; init; }
    public required int Index { get; init; }
    public required int Author { get; init; }

    /// <summary>Who the opening words address; -1 for nobody or the author.</summary>
    public required int Addressee { get; init; }
    public required bool AddressMarked { get; init; }

    /// <summary>Everyone named, the addressee and the author left out.</summary>
    public required IReadOnlyList<int> Mentions { get; init; }

    /// <summary>Content words as rising numbers, names left out, with their weights (unit length together).</summary>
    public required int[] Terms { get; init; }
    public required double[] Weights { get; init; }

    public required int WordCount { get; init; }
    public required bool IsQuestion { get; init; }
    public required bool IsGreeting { get; init; }
    public required bool IsThanks { get; init; }
    public required bool IsAnswer { get; init; }
    public required bool IsContinuation { get; init; }
    public required bool CallsToAll { get; init; }

    /// <summary>The author's line before this one, the last one that addressed the author; -1 for none.</summary>
    public required int OwnBefore { get; init; }
    public required int AddressedBefore { get; init; }

    /// <summary>Set once, when the line is linked: its parent (itself where it starts anew), its conversation.</summary>
    public int Parent { get; set; } = -1;
    public int Conversation { get; set; } = -1;

    /// <summary>Lines by others that answer this one so far.</summary>
    public int Answers { get; set; }

    /// <summary>Cosine of the two lines' words weighted by inverse document frequency (Salton).</summary>
    public double Similarity(LineFacts other)
    {
        double sum = 0;
        var (a, b) = (0, 0);
        while (a < Terms.Length && b < other.Terms.Length)
        {
            if (Terms[a] == other.Terms[b])
                sum += Weights[a++] * other.Weights[b++];
            else if (Terms[a] < other.Terms[b])
                a++;
            else
                b++;
        }

        return sum;
    }
}
