using System.Text.Json;
using ChatAi.Faults.Plans;
using ChatAi.Faults.Records;
using ChatAi.Testing;

namespace ChatAi.Faults.Load;

/// <summary>Plays a script over one line, one act after the other, and records what became of each.</summary>
public sealed class Person : IAsyncDisposable
{
    private readonly ChatMemory _memory = new();
    private readonly List<Sent> _standing = [];
    private readonly IReadOnlyList<Guid> _chats;
    private readonly IEnumerator<Act> _script;
    private readonly Ledger _ledger;
    private readonly Line _line;

    /// <param name="chats">The ids of the cast's chats.</param>
    public Person(
        TestUser user,
        int door,
        IReadOnlyList<Guid> chats,
        IEnumerable<Act> script,
        Doors doors,
        Ledger ledger
    )
    {
        _chats = chats;
        _script = script.GetEnumerator();
        _ledger = ledger;
        _line = new Line(user, doors, door, ledger, _memory);
    }

    public Guid Id => _line.User.Id;

    /// <summary>Goes on with the script until told to stop; what is under way then is still ended.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested && _script.MoveNext())
        {
            var act = _script.Current;
            try
            {
                await Task.Delay(act.Pause, stop);
            }
            catch (OperationCanceledException)
            {
                // The act is due: it is carried out still, so that the script is the same whatever the pauses.
            }

            try
            {
                await CarryOutAsync(act, giveUp);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Resumes once more and waits until everything up to these heads has come.</summary>
    public async Task SyncAsync(IReadOnlyDictionary<Guid, long> heads, CancellationToken giveUp)
    {
        await _line.MoveAsync(0);
        while (true)
        {
            var client = await _line.ConnectAsync(giveUp);
            try
            {
                foreach (var (chat, head) in heads)
                    await client.WaitForSeqAsync(chat, head, TimeSpan.FromSeconds(10));
                return;
            }
            catch (Exception lost) when (Line.IsLoss(lost))
            {
                giveUp.ThrowIfCancellationRequested();
                await _line.MoveAsync(1);
            }
        }
    }

    /// <summary>From where on this person has to have everything of a chat.</summary>
    public void Track(Guid chat) => _memory.Chat(chat).StartAfter(0);

    public IReadOnlyList<FinalView> Views() =>
        [.. _memory.Chats.Select(chat => new FinalView(Id, chat.Chat, [.. chat.Events.Select(e => e.Seq!.Value)]))];

    public ValueTask DisposeAsync()
    {
        _script.Dispose();
        return _line.DisposeAsync();
    }

    private Task CarryOutAsync(Act act, CancellationToken giveUp) =>
        act switch
        {
            Act.Say say => SayAsync(_ledger.Begin(Id, _chats[say.Chat], say.Cid, say.Text), giveUp),
            Act.Repeat repeat when Standing(repeat.Back) is { } sent => SayAsync(sent, giveUp),
            Act.Edit edit when Standing(edit.Back) is { } sent => ChangeAsync(sent, edit.Text, giveUp),
            Act.Delete delete when Standing(delete.Back) is { } sent => ChangeAsync(sent, null, giveUp),
            Act.Move move => _line.MoveAsync(move.Hop),
            _ => Task.CompletedTask,
        };

    private Sent? Standing(int back) => back < _standing.Count ? _standing[^(back + 1)] : null;

    private async Task SayAsync(Sent sent, CancellationToken giveUp)
    {
        var isNew = sent.Answers.Count == 0;
        try
        {
            var answer = await _line.AskAsync<SendAnswer>(
                "message.send",
                new
                {
                    sent.Chat,
                    sent.Cid,
                    sent.Text,
                },
                giveUp
            );
            _ledger.Answered(sent, answer);
            if (isNew)
                _standing.Add(sent with { Answers = [answer] });
        }
        catch (ChatErrorException refused)
        {
            _ledger.Refused(refused.Code);
            _ledger.GivenUp(sent, refused.Code);
        }
    }

    private async Task ChangeAsync(Sent sent, string? text, CancellationToken giveUp)
    {
        var target = sent.Answers[0].Seq;
        var change = _ledger.BeginChange(Id, sent.Chat, target, text);
        if (text is null)
            _standing.RemoveAll(standing => standing.Cid == sent.Cid);
        try
        {
            var answer = text is null
                ? await _line.AskAsync<JsonElement>("message.delete", new { sent.Chat, seq = target }, giveUp)
                : await _line.AskAsync<JsonElement>(
                    "message.edit",
                    new
                    {
                        sent.Chat,
                        seq = target,
                        text,
                    },
                    giveUp
                );
            _ledger.Changed(change, answer.GetProperty("seq").GetInt64());
        }
        catch (ChatErrorException refused)
        {
            // A deletion whose answer was lost finds nothing to delete when it is tried again.
            _ledger.Refused(refused.Code);
            _ledger.ChangeRefused(change, refused.Code);
        }
    }
}
