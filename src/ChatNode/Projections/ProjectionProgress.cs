using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// How far the read tables have come, as far as this process knows: on the node that runs the projection after every
/// batch, on others whenever somebody looks.
/// </summary>
public sealed class ProjectionProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ChatId, Watchers> _watched = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;
    private long _lagTicks;

    /// <summary>The journal's ordering number that the rows include.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>How old the oldest event of the newest batch was when its rows were committed.</summary>
    public TimeSpan Lag => TimeSpan.FromTicks(Interlocked.Read(ref _lagTicks));

    /// <summary>Done once the rows include all that the journal held when this node started.</summary>
    public Task CaughtUp => _caughtUp.Task;

    public void MarkCaughtUp() => _caughtUp.TrySetResult();

    public void Applied(long position, TimeSpan lag, IReadOnlyList<ChatAdvance> chats)
    {
        Interlocked.Exchange(ref _position, Math.Max(Position, position));
        Interlocked.Exchange(ref _lagTicks, lag.Ticks);
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
