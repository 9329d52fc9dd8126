using ChatAi.Faults.Records;
using ChatAi.Testing;

namespace ChatAi.Faults.Load;

/// <summary>
/// Asks one chat again and again whether it answers: a message every 300 ms, none waiting for the one before. Its
/// messages count like everybody's, so what is not answered is sent again at the end.
/// </summary>
public sealed class Prober(TestUser member, Guid chat, int seed, Doors doors, int door, Ledger ledger)
    : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    private readonly Line _line = new(member, doors, door, ledger, new ChatMemory());
    private readonly Random _random = new(seed);
    private readonly List<Task> _asked = [];
    private readonly List<Sent> _sent = [];
    private TaskCompletionSource<TimeSpan> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Chat => chat;

    /// <summary>Connects before the fault, so that what is measured is the chat and not the way to it.</summary>
    public Task ConnectAsync(CancellationToken giveUp) => _line.ConnectAsync(giveUp);

    /// <summary>The time from now until the first answer to something sent from now on.</summary>
    public async Task<TimeSpan> UntilAnsweredAsync(CancellationToken giveUp)
    {
        _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = ledger.Now;
        using var timer = new PeriodicTimer(Every);
        while (!_answered.Task.IsCompleted)
        {
            _asked.Add(ProbeAsync(giveUp));
            await Task.WhenAny(_answered.Task, timer.WaitForNextTickAsync(giveUp).AsTask());
            giveUp.ThrowIfCancellationRequested();
        }
        return await _answered.Task - begun;
    }

    /// <summary>Sends what was not answered until it is.</summary>
    public async Task FinishAsync(CancellationToken giveUp)
    {
        await Task.WhenAll(_asked);
        _asked.Clear();
        foreach (var sent in _sent)
        {
            var answer = await _line.AskAsync<SendAnswer>("message.send", BodyOf(sent), giveUp);
            ledger.Answered(sent, answer);
        }
        _sent.Clear();
    }

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task ProbeAsync(CancellationToken giveUp)
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        var sent = ledger.Begin(member.Id, chat, new Guid(bytes), $"does this chat answer? {_sent.Count}", probe: true);
        _sent.Add(sent);
        try
        {
            var client = await _line.ConnectAsync(giveUp);
            var answer = await client.RequestAsync<SendAnswer>("message.send", BodyOf(sent));
            var at = ledger.Now;
            ledger.Answered(sent, answer);
            _answered.TrySetResult(at);
        }
        catch (ChatErrorException refused)
        {
            ledger.Refused(refused.Code);
        }
        catch (Exception lost) when (Line.IsLoss(lost))
        {
            // Sent again at the end.
        }
    }

    private static object BodyOf(Sent sent) =>
        new
        {
            sent.Chat,
            sent.Cid,
            sent.Text,
        };
}
