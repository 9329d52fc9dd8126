using System.Text;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Chats;

/// <summary>The answers that are being written right now, as far as they got. Not journaled: a restart begins anew.</summary>
public sealed class RunTexts
{
    private readonly Dictionary<RunId, StringBuilder?> _texts = [];
    private readonly Dictionary<RunId, long> _given = [];
    private readonly HashSet<RunId> _stale = [];

    /// <summary>The run's worker was told of messages from this number on.</summary>
    public void Give(RunId run, long first)
    {
        _given[run] = first;
        _stale.Remove(run);
    }

    /// <summary>An answer from messages that changed before its first word is heard of, but not shown.</summary>
    public void Start(RunId run) => _texts[run] = _stale.Contains(run) ? null : new StringBuilder();

    public void End(RunId run)
    {
        _texts.Remove(run);
        _given.Remove(run);
        _stale.Remove(run);
    }

    public void Clear()
    {
        _texts.Clear();
        _given.Clear();
        _stale.Clear();
    }

    public bool IsRunning(RunId run) => _texts.ContainsKey(run);

    public string TextOf(RunId run) => _texts.GetValueOrDefault(run)?.ToString() ?? "";

    /// <summary>
    /// Forgets what was written from a message that is no longer what it was; nothing more is taken for these runs until
    /// they start anew. Returns those that had a text.
    /// </summary>
    public IReadOnlyList<RunId> Forget(long changed)
    {
        var runs = _texts.Where(t => t.Value is not null && _given.GetValueOrDefault(t.Key) <= changed).ToList();
        _stale.UnionWith(_given.Where(g => g.Value <= changed).Select(g => g.Key));
        foreach (var (run, _) in runs)
            _texts[run] = null;
        return [.. runs.Where(t => t.Value!.Length > 0).Select(t => t.Key)];
    }

    /// <summary>Takes a piece that follows what is there; repeated and misplaced pieces are not taken.</summary>
    public bool Append(RunId run, int off, string text)
    {
        if (_texts.GetValueOrDefault(run) is not { } soFar || soFar.Length != off || text.Length == 0)
            return false;
        if (soFar.Length + text.Length > Limits.TextLength)
            return false;
        soFar.Append(text);
        return true;
    }
}
