using ChatAi.Testing;

namespace ChatAi.Bench.Replay;

/// <param name="Chat">Where it was said.</param>
/// <param name="Seq">The number the acknowledgement gave it.</param>
public sealed record SaidLine(Guid Chat, long Seq, ReplayLine Line);

/// <param name="Problems">What any client missed, saw twice or out of order; empty when all is well.</param>
/// <param name="Repeats">Numbers that came again over the wire and were dropped, which the protocol allows.</param>
public sealed record ReplayOutcome(IReadOnlyList<SaidLine> Said, IReadOnlyList<string> Problems, int Repeats);

/// <summary>Says a script line by line through real sockets, and checks what every client saw.</summary>
public sealed class ReplaySession(ReplayCast cast)
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(20);

    /// <summary>All speakers in one group.</summary>
    public async Task<ReplayOutcome> InAGroupAsync(IReadOnlyList<ReplayLine> lines, string title)
    {
        var founder = cast.Client(lines[0].Speaker);
        var others = cast.Names.Where(nick => nick != lines[0].Speaker).Select(cast.User);
        var group = await founder.CreateChatAsync("group", others, title);
        foreach (var nick in cast.Names)
        {
            cast.Client(nick).Track(group.Id);
        }

        var said = await SayAsync(lines, line => cast.Client(line.Speaker).SendAsync(group.Id, line.Text, CidOf(line)));
        return await CheckAsync(said, _ => cast.Names);
    }

    /// <summary>Each line to the one it addresses, in the 1:1 chat of the two.</summary>
    public async Task<ReplayOutcome> PairwiseAsync(IReadOnlyList<ReplayLine> lines)
    {
        var said = await SayAsync(
            lines,
            line => cast.Client(line.Speaker).SendToAsync(cast.User(line.To!), line.Text, CidOf(line))
        );
        return await CheckAsync(said, first => [first.Line.Speaker, first.Line.To!]);
    }

    // Kept over a retry, so that a line the server had taken already is not said twice.
    private readonly Dictionary<int, Guid> _cids = [];

    private Guid CidOf(ReplayLine line)
    {
        if (!_cids.TryGetValue(line.Number, out var cid))
        {
            _cids[line.Number] = cid = Guid.CreateVersion7();
        }

        return cid;
    }

    private static async Task<List<SaidLine>> SayAsync(
        IReadOnlyList<ReplayLine> lines,
        Func<ReplayLine, Task<SendAnswer>> send
    )
    {
        var said = new List<SaidLine>();
        foreach (var line in lines)
        {
            var answer = await ReplayCast.PatientlyAsync(() => send(line));
            said.Add(new SaidLine(answer.Chat, answer.Seq, line));
        }

        return said;
    }

    private async Task<ReplayOutcome> CheckAsync(
        IReadOnlyList<SaidLine> said,
        Func<SaidLine, IReadOnlyCollection<string>> members
    )
    {
        var problems = new List<string>();
        var repeats = 0;
        foreach (var chat in said.GroupBy(line => line.Chat))
        {
            var expected = chat.ToList();
            foreach (var nick in members(expected[0]))
            {
                var client = cast.Client(nick);
                problems.AddRange(await CheckOneAsync(nick, client, expected));
                repeats += client.Memory.Chat(chat.Key).Duplicates;
            }
        }

        return new ReplayOutcome(said, problems, repeats);
    }

    private async Task<IReadOnlyList<string>> CheckOneAsync(string nick, ChatClient client, List<SaidLine> expected)
    {
        var chat = expected[0].Chat;
        try
        {
            await client.WaitForSeqAsync(chat, expected[^1].Seq, ArrivesWithin);
        }
        catch (Exception missing) when (missing is TimeoutException or SocketClosedException)
        {
            return [$"{nick} has seen only up to {client.LastSeq(chat)} of {expected[^1].Seq}: {missing.Message}"];
        }

        var seen = client
            .Timeline(chat)
            .Where(one => one.Ev == "message.created" && !one.IsAi)
            .Select(one => (one.Seq!.Value, Speaker: cast.NickOf(one.Sender!.Value), one.Text))
            .ToList();
        var wanted = expected.Select(line => (line.Seq, line.Line.Speaker, (string?)line.Line.Text)).ToList();
        return seen.SequenceEqual(wanted) ? [] : [Difference(nick, wanted, seen)];
    }

    private static string Difference<T>(string nick, List<T> wanted, List<T> seen)
    {
        var at = wanted.Zip(seen).TakeWhile(pair => Equals(pair.Item1, pair.Item2)).Count();
        return $"{nick} saw {seen.Count} lines of {wanted.Count}; the first difference is at {at}: "
            + $"{(at < seen.Count ? $"{seen[at]}" : "nothing")} instead of {(at < wanted.Count ? $"{wanted[at]}" : "nothing")}";
    }
}
