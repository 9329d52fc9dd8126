using ChatAi.Testing;

namespace ChatAi.Conformance;

/// <param name="Silence">How long a client may say nothing while it catches up.</param>
/// <param name="Kills">The server is killed (-9) and stopped (drain) too, not the network alone.</param>
public sealed record ConformancePlan(string Client, int Seed, TimeSpan Duration, bool Kills, TimeSpan Silence);

/// <param name="Acts">What was done to the client, in order.</param>
public sealed record ConformanceResult(Verdict Verdict, Observed Seen, IReadOnlyList<string> Acts);

/// <summary>One hostile conversation between the client under test and a person who is not disturbed.</summary>
public static class ConformanceRun
{
    // The close codes that ask a client to come back, those of WebSocket itself included.
    private static readonly int[] ComeBack = [1001, 1011, 1012, 1013, 4001, 4002, 4008, 4009, 4010];

    public static async Task<ConformanceResult> RunAsync(ConformancePlan plan)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var proxy = new HostileProxy(server.Url);
        var phone = TestUser.NewPhone();
        var device = await TestUser.SignUpAsync(server.Url, "Under test", phone);
        var peer = await TestUser.SignUpAsync(server.Url, "Peer");
        var code = (await new ChatApi(server.Url).RequestCodeAsync(phone)).Code!;
        await using var client = await ClientUnderTest.StartAsync(plan.Client, proxy.Url, phone, code);
        Guid[] chats =
        [
            (await peer.Api.CreateChatAsync("1_to_1", [device.Id])).Id,
            (await peer.Api.CreateChatAsync("group", [device.Id], "Group")).Id,
        ];
        var random = new Random(plan.Seed);
        using var over = new CancellationTokenSource(plan.Duration);
        var ordered = new List<Shown>();
        var talking = TalkAsync(client, ordered, chats, new Random(plan.Seed + 1), over.Token);
        var answering = AnswerAsync(peer, chats, new Random(plan.Seed + 2), over.Token);
        var acts = await StrikeAsync(plan, server, proxy, random, over.Token);
        await Task.WhenAll(talking, answering);
        proxy.Resume();
        proxy.Cut();
        return await JudgeAsync(client, peer, chats, ordered, acts, plan.Silence);
    }

    private static async Task<ConformanceResult> JudgeAsync(
        ClientUnderTest client,
        TestUser peer,
        Guid[] chats,
        List<Shown> ordered,
        List<string> acts,
        TimeSpan silence
    )
    {
        await client.WaitAsync(() => client.Confirmed.Count >= ordered.Count, silence);
        var stored = new List<Stored>();
        foreach (var chat in chats)
        {
            stored.AddRange(await StoredAsync(peer, chat));
        }

        var keys = stored.Select(message => (message.Chat, message.Seq)).ToHashSet();
        await client.WaitAsync(() => keys.IsSubsetOf(client.Shown.Select(shown => (shown.Chat, shown.Seq))), silence);
        var seen = new Observed(ordered, client.Confirmed, client.Shown, stored);
        return new ConformanceResult(Verdict.Of(seen), seen, acts);
    }

    private static async Task TalkAsync(
        ClientUnderTest client,
        List<Shown> ordered,
        Guid[] chats,
        Random random,
        CancellationToken over
    )
    {
        while (!over.IsCancellationRequested)
        {
            var chat = chats[random.Next(chats.Length)];
            var message = new Shown(chat, 0, Guid.CreateVersion7(), $"own {ordered.Count}");
            ordered.Add(message);
            await client.SendAsync(message);
            await PauseAsync(random.Next(20, 120), over);
        }
    }

    private static async Task AnswerAsync(TestUser peer, Guid[] chats, Random random, CancellationToken over)
    {
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            var (chat, cid, text) = (chats[random.Next(chats.Length)], Guid.CreateVersion7(), $"peer {number}");
            while (!await TrySendAsync(peer, chat, text, cid))
            {
                // The server is being restarted; the cid makes trying again harmless.
                await Task.Delay(200, CancellationToken.None);
            }

            await PauseAsync(random.Next(20, 120), over);
        }
    }

    private static async Task<bool> TrySendAsync(TestUser peer, Guid chat, string text, Guid cid)
    {
        try
        {
            await peer.Api.SendAsync(chat, text, cid);
            return true;
        }
        catch (Exception away) when (away is HttpRequestException or ChatErrorException { Retry: true } or IOException)
        {
            return false;
        }
    }

    private static async Task<List<string>> StrikeAsync(
        ConformancePlan plan,
        ServerProcess server,
        HostileProxy proxy,
        Random random,
        CancellationToken over
    )
    {
        var acts = new List<string>();
        while (!over.IsCancellationRequested)
        {
            await PauseAsync(random.Next(200, 1500), over);
            acts.Add(await ActAsync(plan, server, proxy, random));
        }

        return acts;
    }

    private static async Task<string> ActAsync(
        ConformancePlan plan,
        ServerProcess server,
        HostileProxy proxy,
        Random random
    )
    {
        switch (random.Next(plan.Kills ? 8 : 6))
        {
            case 0:
                proxy.Cut();
                return "cut";
            case 1 or 2:
                var (bytes, toServer) = (random.Next(1, 2000), random.Next(2) == 0);
                proxy.CutAfter(bytes, toServer);
                return $"cut after {bytes} bytes {(toServer ? "to the server" : "to the client")}";
            case 3:
                proxy.SwallowAnswers();
                await Task.Delay(random.Next(100, 800));
                proxy.Cut();
                return "answers lost";
            case 4:
                proxy.Stall();
                await Task.Delay(random.Next(100, 2000));
                proxy.Resume();
                return "stall";
            case 5:
                var code = ComeBack[random.Next(ComeBack.Length)];
                proxy.CloseNext(code);
                proxy.Cut();
                return $"close {code}";
            case 6:
                server.Kill9();
                await server.RestartAsync();
                return "server killed";
            default:
                server.Terminate();
                await server.WaitForExitAsync(TimeSpan.FromSeconds(30));
                await server.RestartAsync();
                return "server drained";
        }
    }

    private static async Task<List<Stored>> StoredAsync(TestUser peer, Guid chat)
    {
        var stored = new List<Stored>();
        MessagePage page;
        do
        {
            page = await peer.Api.MessagesAsync(chat, after: stored.Count == 0 ? 0 : stored[^1].Seq, limit: 100);
            stored.AddRange(page.Messages.Select(m => new Stored(chat, m.Seq, m.Cid ?? Guid.Empty, m.Text ?? "")));
        } while (page.HasMore);

        return stored;
    }

    private static async Task PauseAsync(int milliseconds, CancellationToken over)
    {
        try
        {
            await Task.Delay(milliseconds, over);
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }
}
