using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>How a provider's stream ended.</summary>
public abstract record StreamEnd
{
    public sealed record Complete(AssistantEnd End) : StreamEnd;

    /// <summary>No progress for too long; this much had arrived.</summary>
    public sealed record Stalled(string Text) : StreamEnd;

    public sealed record Failed(Exception Reason) : StreamEnd;

    public sealed record Cancelled : StreamEnd;
}

/// <summary>Reads one answer from a provider: deltas at a bounded rate, a limit on silence, a prompt stop.</summary>
public sealed class AnswerStream(AiWorkerSettings settings, TimeProvider time, int maxLength)
{
    private readonly DeltaBatcher _batcher = new();
    private long _lastDelta;

    /// <summary>Whether anything was passed on.</summary>
    public bool HasSpoken { get; private set; }

    public DateTimeOffset? FirstTokenAt { get; private set; }

    /// <param name="passOn">Gets the deltas in order, from one thread at a time.</param>
    public async Task<StreamEnd> ReadAsync(
        IAssistant assistant,
        AssistantRequest request,
        Action<Delta> passOn,
        CancellationToken cancel
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        IAsyncEnumerator<AssistantChunk>? chunks = null;
        Task<bool>? next = null;
        _lastDelta = time.GetTimestamp();
        try
        {
            chunks = assistant.AnswerAsync(request, stop.Token).GetAsyncEnumerator(stop.Token);
            while (true)
            {
                next = chunks.MoveNextAsync().AsTask();
                if (!await ArrivesAsync(next, passOn, cancel))
                    return cancel.IsCancellationRequested
                        ? new StreamEnd.Cancelled()
                        : new StreamEnd.Stalled(_batcher.Text);
                if (!await next)
                    return new StreamEnd.Failed(new AssistantException("The provider's answer had no end."));
                var chunk = chunks.Current;
                Take(chunk.Text, passOn);
                if (chunk.End is { } end)
                {
                    Flush(passOn);
                    return new StreamEnd.Complete(end with { Text = DeltaBatcher.Clean(end.Text) });
                }
                if (_batcher.Length > maxLength)
                    return new StreamEnd.Failed(new AssistantException("The provider's answer does not end."));
            }
        }
#pragma warning disable CA1031 // A provider may throw anything; whatever it is, the run must end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return cancel.IsCancellationRequested ? new StreamEnd.Cancelled() : new StreamEnd.Failed(e);
        }
        finally
        {
            await stop.CancelAsync();
            if (chunks is not null)
                await LeaveAsync(chunks, next);
        }
    }

    private void Take(string text, Action<Delta> passOn)
    {
        if (text.Length == 0)
            return;
        FirstTokenAt ??= time.Now();
        _batcher.Append(text);
        if (time.GetElapsedTime(_lastDelta) >= settings.DeltaEvery)
            Flush(passOn);
    }

    private void Flush(Action<Delta> passOn)
    {
        if (_batcher.Take() is not { } delta)
            return;
        _lastDelta = time.GetTimestamp();
        HasSpoken = true;
        passOn(delta);
    }

    /// <summary>Waits for the next piece; passes on what is due meanwhile. False: too long, or cancelled.</summary>
    private async Task<bool> ArrivesAsync(Task next, Action<Delta> passOn, CancellationToken cancel)
    {
        var silence = settings.NoProgress;
        if (!next.IsCompleted && _batcher.HasPending)
        {
            var due = settings.DeltaEvery - time.GetElapsedTime(_lastDelta);
            if (due > TimeSpan.Zero)
            {
                await WaitAsync(next, due, cancel);
                silence -= due;
            }
            if (!next.IsCompleted && !cancel.IsCancellationRequested)
                Flush(passOn);
        }
        if (!next.IsCompleted)
            await WaitAsync(next, silence, cancel);
        return next.IsCompleted && !cancel.IsCancellationRequested;
    }

    private async Task WaitAsync(Task next, TimeSpan most, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(next, Task.Delay(most, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Ends the provider's work; one that does not heed its token is left behind after a grace.</summary>
    private async Task LeaveAsync(IAsyncEnumerator<AssistantChunk> chunks, Task<bool>? next)
    {
        if (next is not null && !next.IsCompleted)
        {
            await Task.WhenAny(next, Task.Delay(settings.CancelGrace, time, CancellationToken.None));
            if (!next.IsCompleted)
            {
                _ = next.ContinueWith(
                    t => t.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
                return;
            }
        }
#pragma warning disable CA1031 // Nobody is left to hear of it.
        try
        {
            await chunks.DisposeAsync();
        }
        catch (Exception) { }
#pragma warning restore CA1031
    }
}
