using System.Security.Cryptography;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Push;

/// <summary>What the dispatcher goes by.</summary>
/// <param name="Site">Stands for the subscription of rows without a device.</param>
public sealed record PushSettings(
    BackOff BackOff,
    int MaxAttempts,
    TimeSpan Timeout,
    TimeSpan Ttl,
    int Concurrency,
    bool WithText,
    PushSubscription? Site
)
{
    /// <summary>Long enough for one attempt and what is asked before it.</summary>
    public TimeSpan Lease => Timeout + TimeSpan.FromSeconds(20);
}

/// <summary>
/// Sends what is due, on every node with the role <c>chat</c>. At least once: a row goes only after its receiver said
/// yes, so a node that dies in between has it sent again.
/// </summary>
public sealed class PushDispatcher(
    Outbox outbox,
    PushSubscriptions subscriptions,
    IPushReach reach,
    IReadOnlyDictionary<string, IPushSender> senders,
    IPushSender? siteSender,
    PushSettings settings,
    TimeProvider time,
    ILogger<PushDispatcher> log
)
{
    /// <summary>Sends one batch of what is due.</summary>
    /// <returns>How many rows were taken.</returns>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var lease = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var rows = await outbox.ClaimAsync(lease, settings.Lease, settings.Concurrency, stop);
        await Task.WhenAll(rows.Select(row => HandleAsync(row, lease, stop)));
        return rows.Count;
    }

    // One row that fails in an unforeseen way must not hold up the others: its lease brings it back.
    private async Task HandleAsync(OutboxRow row, string lease, CancellationToken stop)
    {
        try
        {
            await SendAsync(row, lease, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            PushMetrics.Handled("failed");
            log.LogWarning(e, "Push: the row of user {User} in chat {Chat} comes again", row.User, row.Chat);
        }
    }

    private async Task SendAsync(OutboxRow row, string lease, CancellationToken stop)
    {
        var to = row.Target.Length == 0 ? settings.Site : await subscriptions.FindAsync(row.User, row.Target, stop);
        var sender = row.Target.Length == 0 ? siteSender : senders.GetValueOrDefault(to?.Kind ?? "");
        if (to is null || sender is null)
        {
            await DropAsync(row, lease, "unsubscribed", stop);
            return;
        }
        var facts = await outbox.FactsAsync(row, stop);
        var user = new UserId(Guid.Parse(row.User));
        if (await reach.AskAsync(user, facts?.Sender, stop) is not { } found)
        {
            // The part of the cluster that knows the user is moving.
            await outbox.AgainAsync(row, lease, TimeSpan.FromSeconds(2), null, stop);
            return;
        }
        switch (PushDecision.Of(row, facts, found, time.GetUtcNow(), settings.Ttl))
        {
            case PushDecision.Drop drop:
                await DropAsync(row, lease, drop.Why, stop);
                break;
            case PushDecision.Wait wait:
                await outbox.AgainAsync(row, lease, wait.For, null, stop);
                break;
            default:
                var named = facts! with { SenderName = await reach.NameAsync(facts.Sender, stop) };
                var withText = to.WithText && settings.WithText;
                var note = new PushNote($"{row.Chat}.{row.User}.{row.Target}.{row.Seq}", row, named, withText);
                await ResultAsync(row, lease, to, await TryAsync(sender, note, to, stop), stop);
                break;
        }
    }

    private async Task<PushResult> TryAsync(
        IPushSender sender,
        PushNote note,
        PushSubscription to,
        CancellationToken stop
    )
    {
        using var late = new CancellationTokenSource(settings.Timeout, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await sender.SendAsync(note, to, cancel.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return new PushResult(PushOutcome.Failed, $"no answer within {settings.Timeout.TotalSeconds} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "Push: a sender of {Kind} failed", sender.Kind);
            return new PushResult(PushOutcome.Failed, e.Message);
        }
    }

    private async Task ResultAsync(
        OutboxRow row,
        string lease,
        PushSubscription to,
        PushResult result,
        CancellationToken stop
    )
    {
        switch (result.Outcome)
        {
            case PushOutcome.Sent:
                await outbox.DoneAsync(row, lease, stop);
                PushMetrics.Handled("sent");
                break;
            case PushOutcome.Gone when row.Target.Length > 0:
                await subscriptions.DeleteAsync(row.User, row.Target, to.Endpoint, stop);
                await outbox.DoneAsync(row, lease, stop);
                PushMetrics.Handled("gone");
                break;
            case var _ when row.Attempts + 1 >= settings.MaxAttempts:
                await outbox.DieAsync(row, lease, result.Error ?? "failed", stop);
                PushMetrics.Handled("dead");
                log.LogWarning(
                    "Push: given up after {Attempts} attempts ({Error}): user {User}, chat {Chat}",
                    row.Attempts + 1,
                    result.Error,
                    row.User,
                    row.Chat
                );
                break;
            default:
                var wait = settings.BackOff.After(row.Attempts + 1, Random.Shared.NextDouble());
                // What the receiver asks for counts, up to the cap.
                if (result.After is { } asked && asked > wait)
                    wait = asked < settings.BackOff.Cap ? asked : settings.BackOff.Cap;
                await outbox.AgainAsync(row, lease, wait, result.Error ?? "failed", stop);
                PushMetrics.Handled("failed");
                break;
        }
    }

    private async Task DropAsync(OutboxRow row, string lease, string why, CancellationToken stop)
    {
        await outbox.DoneAsync(row, lease, stop);
        PushMetrics.Dropped(why);
    }
}
