namespace ChatAi.Faults.Plans;

/// <summary>A fault to come.</summary>
/// <param name="Pick">Chooses among what the fault can hit.</param>
/// <param name="After">Traffic before it.</param>
/// <param name="Hold">How long it lasts, where that is a choice.</param>
public sealed record PlannedFault(string Name, int Pick, TimeSpan After, TimeSpan Hold)
{
    public override string ToString() =>
        $"{Name}: hits number {Pick} of those it can, after {After.TotalSeconds:0.0} s, for {Hold.TotalSeconds:0.0} s";
}

/// <summary>The same seed gives the same faults.</summary>
public static class FaultPlan
{
    /// <summary>Each of these once, in this order.</summary>
    public static IReadOnlyList<PlannedFault> Each(int seed, IReadOnlyList<string> names)
    {
        var random = new Random(seed);
        return [.. names.Select(name => Planned(name, random))];
    }

    /// <summary>Without end, in any order.</summary>
    public static IEnumerable<PlannedFault> Mix(int seed, IReadOnlyList<string> names)
    {
        var random = new Random(seed);
        while (true)
            yield return Planned(names[random.Next(names.Count)], random);
    }

    // Longer than failure detector, decision and removal together take.
    private static PlannedFault Planned(string name, Random random) =>
        new(
            name,
            random.Next(1_000),
            TimeSpan.FromSeconds(2 + (random.NextDouble() * 3)),
            TimeSpan.FromSeconds(14 + (random.NextDouble() * 8))
        );
}
