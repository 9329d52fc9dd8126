using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.ChatNode.Ai.Llama;

/// <param name="MaxWaiting">Requests that may wait for a slot.</param>
/// <param name="PromptTokens">Tokens of prompts that one step computes while answers are under way.</param>
/// <param name="StateBytes">Memory for the states of chats that have no slot at the moment.</param>
public sealed record SchedulerSettings(int MaxWaiting = 64, int PromptTokens = 32, long StateBytes = 256L << 20)
{
    /// <summary>A step that is still running so long after somebody left is broken off.</summary>
    public TimeSpan AbortAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>
/// Makes answers with one engine on one thread of its own: all conversations advance in one batch, each chat's beginning
/// stays in the cache, equal requests share one answer. Owns the engine.
/// </summary>
public sealed class InferenceScheduler : IDisposable
{
    private abstract record Note
    {
        public sealed record Ask(GenerationRequest Request, Listener Listener) : Note;

        public sealed record Leave(Listener Listener) : Note;

        public sealed record Forget(string Key) : Note;
    }

    private readonly TaskCompletionSource<EngineModel> _loaded = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly SchedulerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<Note> _notes = new();
    private readonly Lock _engineLife = new();
    private readonly object _gate = new();
    private readonly List<RunningGeneration> _waiting = [];
    private readonly List<BatchToken> _batch = [];
    private readonly byte[] _piece = new byte[512];
    private readonly Thread _thread;

    // Set by the thread before anything else of it.
    private IInferenceEngine _engine = null!;
    private Slots _slots = null!;
    private long _order;
    private int _unserved;
    private bool _hasNotes;
    private bool _engineGone;
    private volatile bool _stopped;

    public InferenceScheduler(IInferenceEngine engine, SchedulerSettings settings, TimeProvider time)
        : this(() => engine, settings, time) { }

    /// <param name="open">Called once, on the scheduler's thread: to load a model takes long.</param>
    public InferenceScheduler(Func<IInferenceEngine> open, SchedulerSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _thread = InferenceThread.Start("inference", () => Run(open));
    }

    /// <summary>The model, once it is there; fails as opening the engine fails.</summary>
    public Task<EngineModel> Loaded => _loaded.Task;

    /// <summary>Once it is loaded.</summary>
    public EngineModel Model => _engine.Model;

    /// <summary>Requests without a slot.</summary>
    public int Waiting => Volatile.Read(ref _unserved);

    /// <summary>Streams one answer. Leaving the stream, or cancelling, stops it within a second unless others want it too.</summary>
    /// <exception cref="GenerationBusyException">Too many wait.</exception>
    /// <exception cref="PromptTooLongException">The prompt does not fit.</exception>
    public async IAsyncEnumerable<GenerationPiece> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        if (Interlocked.Increment(ref _unserved) is var waiting && waiting > _settings.MaxWaiting)
        {
            Interlocked.Decrement(ref _unserved);
            throw new GenerationBusyException(waiting - 1);
        }
        var listener = new Listener();
        Post(new Note.Ask(request, listener));
        if (_stopped)
            listener.End(new ObjectDisposedException(nameof(InferenceScheduler)));
        try
        {
            await foreach (var piece in listener.Pieces.ReadAllAsync(cancel))
                yield return piece;
        }
        finally
        {
            if (!listener.IsDone)
                Leave(listener);
        }
    }

    /// <summary>Nothing that was computed from this chat's words stays: they were edited or deleted.</summary>
    public void Forget(string key) => Post(new Note.Forget(key));

    public void Dispose()
    {
        if (_stopped)
            return;
        _stopped = true;
        Abort();
        Wake();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Post(Note note)
    {
        _notes.Enqueue(note);
        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            _hasNotes = true;
            Monitor.Pulse(_gate);
        }
    }

    private void AwaitNotes()
    {
        lock (_gate)
        {
            while (!_hasNotes)
                Monitor.Wait(_gate);
            _hasNotes = false;
        }
    }

    // A timer may fire when the engine is gone already.
    private void Abort()
    {
        lock (_engineLife)
            if (!_engineGone)
                _engine?.Abort();
    }

    private void Leave(Listener listener)
    {
        Post(new Note.Leave(listener));
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                if (!listener.IsDone)
                    Abort();
                timer?.Dispose();
            },
            null,
            _settings.AbortAfter,
            Timeout.InfiniteTimeSpan
        );
    }

    private void Run(Func<IInferenceEngine> open)
    {
        try
        {
            Open(open);
            while (!_stopped)
            {
                ReadNotes();
                Admit();
                BatchPlan.Fill(_batch, _slots.All, _engine.Model.BatchTokens, _settings.PromptTokens);
                if (_batch.Count == 0)
                    AwaitNotes();
                else
                    Step();
            }
            FailAll(new ObjectDisposedException(nameof(InferenceScheduler)));
        }
#pragma warning disable CA1031 // The engine may throw anything; those who wait must hear of it, and the server must live.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _stopped = true;
            _loaded.TrySetException(e);
            FailAll(e);
        }
        finally
        {
            lock (_engineLife)
            {
                _engineGone = true;
                _engine?.Dispose();
            }
        }
    }

    private void Open(Func<IInferenceEngine> open)
    {
        var engine = open();
        lock (_engineLife)
            _engine = engine;
        _slots = new Slots(engine, new PrefixStore(_settings.StateBytes));
        _loaded.SetResult(engine.Model);
    }

    private void ReadNotes()
    {
        while (_notes.TryDequeue(out var note))
            switch (note)
            {
                case Note.Ask ask:
                    Take(ask.Request, ask.Listener);
                    break;
                case Note.Leave leave:
                    Left(leave.Listener);
                    break;
                case Note.Forget forget:
                    _slots.Forget(forget.Key);
                    break;
            }
    }

    private void Take(GenerationRequest request, Listener listener)
    {
        int[] prompt;
#pragma warning disable CA1031 // One request that cannot be read is its own failure only.
        try
        {
            prompt = ChatPrompt.Tokenize(_engine, request.Messages);
        }
        catch (Exception e)
        {
            Interlocked.Decrement(ref _unserved);
            listener.End(e);
            return;
        }
#pragma warning restore CA1031
        var context = _engine.Model.ContextTokens;
        var limit = context - Math.Clamp(request.Options.MaxTokens, 1, Math.Max(1, context / 4));
        if (prompt.Length == 0 || prompt.Length > limit)
        {
            Interlocked.Decrement(ref _unserved);
            listener.End(new PromptTooLongException(prompt.Length, limit));
            return;
        }
        var running = _slots.All.Select(s => s.Generation).OfType<RunningGeneration>().Concat(_waiting);
        if (running.FirstOrDefault(g => g.IsWanted && g.IsSameAs(prompt, request.Options)) is { } same)
        {
            Interlocked.Decrement(ref _unserved);
            same.Join(listener, request.Class);
            return;
        }
        var generation = new RunningGeneration(request, prompt, ++_order);
        generation.Join(listener, request.Class);
        _waiting.Add(generation);
    }

    private void Left(Listener listener)
    {
        listener.End();
        foreach (var slot in _slots.All)
            if (slot.Generation is { } generation && generation.Leave(listener) && !generation.IsWanted)
                _slots.Free(slot);
        foreach (var generation in _waiting)
            generation.Leave(listener);
        Interlocked.Add(ref _unserved, -_waiting.RemoveAll(g => !g.IsWanted));
        _engine.ClearAbort();
    }

    private void Admit()
    {
        while (_waiting.Count > 0 && _slots.HasIdle)
        {
            var next = _waiting.MinBy(g => ((int)g.Class, g.Order))!;
            _waiting.Remove(next);
            Interlocked.Decrement(ref _unserved);
#pragma warning disable CA1031 // One request that gets no place is its own failure only.
            try
            {
                _slots.Assign(next);
            }
            catch (Exception e)
            {
                next.Fail(e);
            }
#pragma warning restore CA1031
        }
    }

    private void Step()
    {
        DecodeOutcome outcome;
#pragma warning disable CA1031 // What went wrong in this batch is no reason to refuse the next.
        try
        {
            outcome = _engine.Decode(CollectionsMarshal.AsSpan(_batch));
        }
        catch (Exception e)
        {
            FailBatch(e);
            return;
        }
#pragma warning restore CA1031
        switch (outcome)
        {
            case DecodeOutcome.Done:
                TakeLogits();
                break;
            case DecodeOutcome.Aborted:
                _engine.ClearAbort();
                // What the cache holds of the batch is not known: it goes back to what was there before.
                foreach (var slot in InBatch())
                    _slots.Cut(slot, slot.Tokens.Count);
                break;
            case DecodeOutcome.Full:
                if (!_slots.EvictOne())
                    FailBatch(new InvalidOperationException("The model's cache has no room for these conversations."));
                break;
        }
    }

    private List<Slot> InBatch() =>
        [.. _batch.Select(t => t.Sequence).Distinct().Select(sequence => _slots.All[sequence])];

    private void TakeLogits()
    {
        foreach (var token in _batch)
            _slots.All[token.Sequence].Tokens.Add(token.Token);
        for (var i = 0; i < _batch.Count; i++)
            if (_batch[i].WantsLogits)
                Choose(_slots.All[_batch[i].Sequence], _engine.LogitsAt(i));
    }

    private void Choose(Slot slot, ReadOnlySpan<float> logits)
    {
        var generation = slot.Generation!;
        var token = generation.Choose(logits);
        GenerationFinish? finish = _engine.IsEnd(token)
            ? GenerationFinish.Stop
            : generation.Add(token, _piece.AsSpan(0, _engine.PieceOf(token, _piece)), _engine.Model.ContextTokens);
        if (finish is not { } over)
            return;
        // Free first: who is told may look.
        _slots.Free(slot);
        generation.Finish(over);
    }

    private void FailBatch(Exception reason)
    {
        foreach (var slot in InBatch())
        {
            slot.Generation?.Fail(reason);
            slot.ForgetAfter = true;
            _slots.Free(slot);
        }
    }

    private void FailAll(Exception reason)
    {
        foreach (var slot in _slots?.All ?? [])
            slot.Generation?.Fail(reason);
        foreach (var generation in _waiting)
            generation.Fail(reason);
        while (_notes.TryDequeue(out var note))
            if (note is Note.Ask ask)
                ask.Listener.End(reason);
    }
}
