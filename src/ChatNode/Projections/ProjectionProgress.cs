using System.Collections.Concurrent;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Projections;

/// <param name="Position">The journal's ordering number that the slice's rows include.</param>
/// <param name="Lag">How old the oldest event of the newest batch was when its rows were committed.</param>
public sealed record SliceProgress(long Position, TimeSpan Lag);

/// <summary>
/// How far the read tables have come, as far as this process knows: what its own slices have done, and whom to wake.
/// Whoever must know of others looks at the rows themselves.
/// </summary>
public sealed class ProjectionProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ChatId, Watchers> _watched = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Slice, SliceProgress> _slices = new();

    /// <summary>The slices that this node runs.</summary>
    public IReadOnlyDictionary<Slice, SliceProgress> Slices => _slices;

    /// <summary>Done once the rows include all that the journal held when this node started.</summary>
    public Task CaughtUp => _caughtUp.Task;

    public void MarkCaughtUp() => _caughtUp.TrySetResult();

    /// <summary>The slice runs elsewhere or nowhere now.</summary>
    public void Left(Slice slice) => _slices.TryRemove(slice, out _);

    public void Applied(Slice slice, SliceProgress now, IReadOnlyList<ChatAdvance> chats)
    {
        _slices[slice] = now;
        List<TaskCompletionSource>? changed = null;
        lock (_lock)
        {
            if (_watched.Count == 0)
                return;
            foreach (var advance in chats)
                if (_watched.Remove(advance.Chat, out var watchers))
                    (changed ??= []).Add(watchers.Changed);
        }
        foreach (var source in changed ?? [])
            source.TrySetResult();
    }

    /// <summary>Register before looking at the tables: nothing that is committed after it goes unnoticed.</summary>
    public Watch WatchFor(ChatId chat)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(chat, out var watchers))
                _watched[chat] = watchers = new Watchers();
            watchers.Count++;
            return new Watch(this, chat, watchers);
        }
    }

    /// <summary>Somebody waits for the rows of a chat to change.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly ProjectionProgress _progress;
        private readonly ChatId _chat;
        private readonly Watchers _watchers;

        internal Watch(ProjectionProgress progress, ChatId chat, Watchers watchers) =>
            (_progress, _chat, _watchers) = (progress, chat, watchers);

        public Task Changed => _watchers.Changed.Task;

        public void Dispose()
        {
            lock (_progress._lock)
                if (--_watchers.Count == 0 && _progress._watched.GetValueOrDefault(_chat) == _watchers)
                    _progress._watched.Remove(_chat);
        }
    }

    internal sealed class Watchers
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Count { get; set; }
    }
}
