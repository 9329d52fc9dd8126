namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Numbers are given out before transactions commit: a number missing between two others may still come. Nothing
/// beyond it may be projected until it has come or has been missing for longer than any commit takes.
/// </summary>
public sealed class GapGuard(TimeSpan longestCommit, TimeProvider time)
{
    /// <summary>For each number that follows a gap, when the gap was first seen.</summary>
    private readonly Dictionary<long, long> _seen = [];

    /// <summary>Whether something is held back.</summary>
    public bool IsWaiting => _seen.Count > 0;

    /// <param name="position">The number that everything is projected up to.</param>
    /// <param name="page">What the journal has after it, by rising number.</param>
    /// <returns>How many of the page may be projected.</returns>
    public int Admit(long position, IReadOnlyList<JournalEntry> page)
    {
        if (longestCommit == TimeSpan.Zero)
            return page.Count;
        var admitted = 0;
        var isOpen = true;
        for (var i = 0; i < page.Count; i++)
        {
            var ordering = page[i].Ordering;
            if (ordering != position + 1 && !IsGivenUp(ordering))
                isOpen = false;
            if (isOpen)
                admitted = i + 1;
            position = ordering;
        }
        if (admitted > 0)
            Forget(page[admitted - 1].Ordering);
        return admitted;
    }

    private bool IsGivenUp(long ordering)
    {
        if (_seen.TryGetValue(ordering, out var since))
            return time.GetElapsedTime(since) >= longestCommit;
        _seen[ordering] = time.GetTimestamp();
        return false;
    }

    private void Forget(long upto)
    {
        foreach (var ordering in _seen.Keys.Where(ordering => ordering <= upto).ToList())
            _seen.Remove(ordering);
    }
}
