using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// One of several parts of the journal that are projected apart, each by one daemon in the cluster. An entity is in the
/// same part for ever, as long as the count of parts stays.
/// </summary>
public sealed record Slice(int Index, int Count)
{
    public static readonly Slice Whole = new(0, 1);

    /// <summary>Its row in <c>projection_offsets</c>.</summary>
    public string OffsetName => Schema.OffsetNameOf(Index, Count);

    public static IEnumerable<Slice> All(int count) =>
        Enumerable.Range(0, count).Select(index => new Slice(index, count));

    public bool Has(string persistenceId) => Count == 1 || Of(persistenceId, Count) == Index;

    /// <summary>FNV-1a: the same on every machine and in every version.</summary>
    public static int Of(string persistenceId, int count)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in persistenceId)
            hash = (hash ^ letter) * 16_777_619u;
        return (int)((hash ^ (hash >> 16)) % (uint)count);
    }
}
