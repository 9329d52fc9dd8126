namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Numbers are given out before transactions commit: a number missing between two others may still come. Nothing
/// beyond it may be projected until it has come, or cannot come any more: because nobody who may have taken it still
/// writes, or because it has been missing for longer than any commit takes.
/// </summary>
public sealed class GapGuard(TimeSpan longestCommit, TimeProvider time)
{
    /// <summary>By the number that follows the gap.</summary>
    private readonly Dictionary<long, Gap> _gaps = [];

    /// <summary>Whether something is held back.</summary>
    public bool IsWaiting => _gaps.Count > 0;

    /// <param name="position">The number that everything is projected up to.</param>
    /// <param name="page">The journal's numbers after it, rising.</param>
    /// <returns>How many of the page may be projected.</returns>
    public int Admit(long position, IEnumerable<long> page)
    {
        var admitted = 0;
        var newest = position;
        var seen = 0;
        var isOpen = true;
        foreach (var ordering in page)
        {
            seen++;
            if (longestCommit > TimeSpan.Zero && ordering != position + 1 && !IsGivenUp(ordering))
                isOpen = false;
            if (isOpen)
                (admitted, newest) = (seen, ordering);
            position = ordering;
        }
        if (admitted > 0)
            Forget(newest);
        return admitted;
    }

    /// <summary>
    /// Who was writing to the journal at a moment after the last page was read. Whoever took a missing number was
    /// among those of the first time, so a gap is dead when all of them have ended.
    /// </summary>
    public void StillWriting(IReadOnlyCollection<string> writers)
    {
        foreach (var gap in _gaps.Values)
            if (gap.Writers is null)
                gap.Writers = [.. writers];
            else
                gap.Writers.IntersectWith(writers);
    }

    private bool IsGivenUp(long ordering)
    {
        if (_gaps.TryGetValue(ordering, out var gap))
            return gap.Writers is { Count: 0 } || time.GetElapsedTime(gap.Since) >= longestCommit;
        _gaps[ordering] = new Gap(time.GetTimestamp());
        return false;
    }

    private void Forget(long upto)
    {
        foreach (var ordering in _gaps.Keys.Where(ordering => ordering <= upto).ToList())
            _gaps.Remove(ordering);
    }

    private sealed class Gap(long since)
    {
        public long Since => since;

        /// <summary>Null until somebody looked.</summary>
        public HashSet<string>? Writers { get; set; }
    }
}
