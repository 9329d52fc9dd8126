using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Gateway;

/// <summary>
/// How many messages this node takes on before it has answered those it has: as many as it answers in
/// <c>ChatAi:Overload:MaxDelayMs</c> at the pace it last kept. More would only wait, and everyone with them; who is
/// refused hears when to come again. Thread-safe.
/// </summary>
public sealed class SendAdmission(IOptions<ChatAiOptions> options, TimeProvider time)
{
    /// <summary>So many are always taken: a pace that nobody has asked for yet says nothing.</summary>
    public const int Least = 256;

    /// <summary>Below what the journal lets wait (5,000), so that no entity's write is refused for want of room.</summary>
    public const int Most = 4_000;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    // A pace is forgotten slowly: a quiet second must not make the next burst look like an overload.
    private const double Fading = 0.98;

    private readonly Lock _gate = new();
    private readonly double _maxDelay = options.Value.Overload.MaxDelayMs / 1_000.0;
    private long _windowAt = time.GetTimestamp();
    private int _answered;
    private double _pace;

    /// <summary>Taken on and not answered yet.</summary>
    public int Open { get; private set; }

    /// <summary>Messages a second that the node has shown to answer.</summary>
    public double Pace
    {
        get
        {
            lock (_gate)
                return _pace;
        }
    }

    /// <summary>Null when the message is taken, and <see cref="Leave"/> is owed; else the refusal with its <c>after_ms</c>.</summary>
    public Rejection? TryEnter()
    {
        if (_maxDelay == 0)
            return null;
        lock (_gate)
        {
            Roll();
            if (Open < Limit)
            {
                Open++;
                return null;
            }
            // Spread over the time that the backlog takes, at least: all at once would be the next overload.
            var delay = Math.Max(_maxDelay, Open / Math.Max(1, _pace));
            var afterMs = (int)(1_000 * Math.Min(5, delay * (1 + (2 * Random.Shared.NextDouble()))));
            return new Rejection(ErrorCode.ShardUnavailable, "This server has more to do than it can.", afterMs);
        }
    }

    /// <summary>So many of those taken on have their answer, or nobody waits for it any longer.</summary>
    public void Leave(int count = 1)
    {
        if (_maxDelay == 0 || count == 0)
            return;
        lock (_gate)
        {
            Roll();
            Open -= count;
            _answered += count;
        }
    }

    private int Limit => (int)Math.Clamp(_pace * _maxDelay, Least, Most);

    private void Roll()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_windowAt, now);
        if (passed < Window)
            return;
        _pace = Math.Max(
            _answered / passed.TotalSeconds,
            _pace * Math.Pow(Fading, passed.TotalSeconds / Window.TotalSeconds)
        );
        _answered = 0;
        _windowAt = now;
    }
}
