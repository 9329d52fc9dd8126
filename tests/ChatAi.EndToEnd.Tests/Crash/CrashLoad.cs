using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Crash;

/// <summary>What a sender knows of one message: it sends until it has the answer.</summary>
public sealed record Attempt(Guid Cid, Guid Chat, string Text, bool AsksAssistant)
{
    public SendAnswer? Answer { get; set; }
}

/// <summary>
/// One person who sends without pause and, when the server goes away in the middle, sends the unanswered message again
/// with the same <c>cid</c> to the next life of the server. Remembers everything that was acknowledged.
/// </summary>
public sealed class CrashLoad(TestUser user, IReadOnlyList<Guid> chats, int seed)
{
    private readonly Random _random = new(seed);
    private readonly ChatMemory _memory = new();
    private int _sent;

    public TestUser User => user;

    public List<Attempt> Attempts { get; } = [];

    public IEnumerable<Attempt> Acknowledged => Attempts.Where(a => a.Answer is not null);

    /// <summary>Sends until the server is gone. Calls back after each answer.</summary>
    public async Task RunUntilGoneAsync(Action answered)
    {
        try
        {
            await using var client = await user.ConnectAsync(new ChatClientOptions(_memory));
            while (true)
            {
                var attempt = Attempts.Count > 0 && Attempts[^1].Answer is null ? Attempts[^1] : Next();
                attempt.Answer = await client.SendAsync(attempt.Chat, attempt.Text, attempt.Cid);
                answered();
            }
        }
        catch (Exception gone) when (gone is not ChatErrorException)
        {
            // The process was killed: what was under way stays unanswered.
        }
    }

    /// <summary>Sends what the last life of the server left unanswered.</summary>
    public async Task FinishAsync()
    {
        await using var client = await user.ConnectAsync(new ChatClientOptions(_memory));
        if (Attempts.Count > 0 && Attempts[^1] is { Answer: null } open)
            open.Answer = await client.SendAsync(open.Chat, open.Text, open.Cid);
    }

    private Attempt Next()
    {
        var asks = _sent % 25 == 3;
        var text = $"{(asks ? "@AI what did somebody say about " : "")}number {_sent++} of {user.Name}";
        var attempt = new Attempt(Guid.CreateVersion7(), chats[_random.Next(chats.Count)], text, asks);
        Attempts.Add(attempt);
        return attempt;
    }
}
