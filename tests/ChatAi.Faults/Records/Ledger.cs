using System.Collections.Concurrent;
using System.Diagnostics;
using ChatAi.Testing;

namespace ChatAi.Faults.Records;

/// <summary>All that clients sent, were answered and saw, with times since the run began. Used by many at once.</summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<(Guid Sender, Guid Chat, Guid Cid), Sent> _sends = new();
    private readonly ConcurrentDictionary<long, Changed> _changes = new();
    private readonly ConcurrentDictionary<Sighting, Guid> _sightings = new();
    private readonly ConcurrentQueue<Refusal> _refusals = new();
    private readonly ConcurrentQueue<Closing> _closings = new();
    private readonly ConcurrentQueue<Wait> _waits = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _lastChange;

    public TimeSpan Now => _clock.Elapsed;

    public IReadOnlyCollection<Sent> Sends => [.. _sends.Values];

    public IReadOnlyCollection<Changed> Changes => [.. _changes.Values];

    /// <summary>Each different thing that was ever seen at a number of a chat, and who saw it first.</summary>
    public IReadOnlyCollection<KeyValuePair<Sighting, Guid>> Sightings => [.. _sightings];

    public IReadOnlyCollection<Refusal> Refusals => _refusals;

    public IReadOnlyCollection<Closing> Closings => _closings;

    public IReadOnlyCollection<Wait> Waits => _waits;

    public Sent Begin(Guid sender, Guid chat, Guid cid, string text, bool probe = false) =>
        _sends.GetOrAdd((sender, chat, cid), _ => new Sent(sender, chat, cid, text, probe, Now));

    public void Answered(Sent sent, SendAnswer answer) =>
        Update(sent, known => known with { AckedAt = known.AckedAt ?? Now, Answers = [.. known.Answers, answer] });

    public void GivenUp(Sent sent, string code) => Update(sent, known => known with { Refused = code });

    public long BeginChange(Guid by, Guid chat, long target, string? text)
    {
        var id = Interlocked.Increment(ref _lastChange);
        _changes[id] = new Changed(by, chat, target, text, Now);
        return id;
    }

    public void Changed(long id, long seq) => _changes[id] = _changes[id] with { AckedAt = Now, Seq = seq };

    public void ChangeRefused(long id, string code) => _changes[id] = _changes[id] with { Refused = code };

    public void Saw(Guid person, ChatEvent durable) => _sightings.TryAdd(Sighting.Of(durable), person);

    public void Refused(string code) => _refusals.Enqueue(new Refusal(Now, code));

    public void Closed(int? code) => _closings.Enqueue(new Closing(Now, code));

    public void Waited(Guid person, TimeSpan since) => _waits.Enqueue(new Wait(person, since, Now));

    private void Update(Sent sent, Func<Sent, Sent> change) =>
        _sends.AddOrUpdate((sent.Sender, sent.Chat, sent.Cid), _ => change(sent), (_, known) => change(known));
}
