using System.Text;
using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;
using ChatAi.Testing.Documents;
using Xunit.Abstractions;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>
/// Good frames and bodies changed at random, from a seed. No input ends the process, disturbs anyone else, or gets
/// <c>internal</c>. <c>CHATAI_FUZZ</c> sets how many inputs of each kind (2,000), <c>CHATAI_FUZZ_SEED</c> the seed.
/// </summary>
public sealed class FuzzTests(GatewayServer server, ITestOutputHelper output) : IClassFixture<GatewayServer>
{
    private static readonly int Count = Setting("CHATAI_FUZZ", 2_000);
    private static readonly int Seed = Setting("CHATAI_FUZZ_SEED", 20_261_124);

    [Fact]
    public async Task Should_answer_or_close_whatever_frame_comes_and_disturb_nobody()
    {
        await using var others = await server.BystandersAsync();
        var (eve, bob) = (await server.SignUpAsync("Eve"), await server.SignUpAsync("Bob"));
        var chat = (await eve.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        var frames = ProtocolDocuments.Ops.Where(op => op != "hello").Select(op => Frame(op, chat, bob.Id)).ToList();
        var mutations = new Mutations(Seed);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var socket = await eve.ConnectAsync();
        for (var i = 0; i < Count; i++)
        {
            try
            {
                await socket.SendRawAsync(mutations.Of(mutations.Pick(frames)));
                // The next frame that is good shows that everything before it was taken.
                if (i % 20 == 19)
                    await socket.RequestAsync("chat.list", new { limit = 1 });
            }
            catch (Exception closed) when (closed is SocketClosedException or ChatErrorException)
            {
                Note($"refused: {(closed as ChatErrorException)?.Code ?? "closed"}");
            }
            if (!socket.Closed.IsCompleted)
                continue;
            Note($"closed with {(await socket.Closed).Code}");
            NoteAnswers();
            await socket.DisposeAsync();
            socket = await eve.ConnectAsync();
        }
        NoteAnswers();
        await socket.DisposeAsync();
        await others.ShouldStillTalkAsync();
        Report("frames", outcomes);
        Assert.DoesNotContain(outcomes.Keys, key => key.Contains("internal", StringComparison.Ordinal));
        Assert.DoesNotContain("closed with 4010", outcomes.Keys);
        // Who behaves badly is closed, and who asks wrongly is answered: both were seen.
        Assert.Contains("closed with 4500", outcomes.Keys);
        Assert.Contains("bad_request", outcomes.Keys);

        void Note(string outcome) => outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;

        void NoteAnswers()
        {
            foreach (var stray in socket.Strays)
            {
                using var frame = JsonDocument.Parse(stray);
                Note(
                    frame.RootElement.TryGetProperty("err", out var err) ? err.GetProperty("code").GetString()! : "ok"
                );
            }
        }
    }

    [Fact]
    public async Task Should_answer_whatever_body_comes_and_disturb_nobody()
    {
        await using var others = await server.BystandersAsync();
        var (eve, bob) = (await server.SignUpAsync("Eve"), await server.SignUpAsync("Bob"));
        var chat = (await eve.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        (HttpMethod Method, string Path, string Body)[] calls =
        [
            (
                HttpMethod.Post,
                "/v1/auth/token",
                """{"phone":"+4915112345678","code":"123456","device":{"name":"x"} }"""
            ),
            (HttpMethod.Post, "/v1/auth/refresh", """{"refresh_token":"x"}"""),
            (HttpMethod.Patch, "/v1/me", """{"display_name":"Eve"}"""),
            (HttpMethod.Post, "/v1/chats", $$"""{"type":"group","members":["{{bob.Id}}"],"title":"T"}"""),
            (HttpMethod.Patch, $"/v1/chats/{chat}", """{"title":"T","muted":true}"""),
            (HttpMethod.Post, $"/v1/chats/{chat}/members", $$"""{"users":["{{bob.Id}}"]}"""),
            (
                HttpMethod.Post,
                $"/v1/chats/{chat}/messages",
                $$"""{"cid":"{{Guid.NewGuid()}}","text":"x","reply_to":1}"""
            ),
            (HttpMethod.Post, $"/v1/chats/{chat}/ai", """{"kind":"summarize","prompt":"x","private":true}"""),
        ];
        var mutations = new Mutations(Seed + 1);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var (method, path, body) = calls[i % calls.Length];
            using var content = RawCalls.Bytes(mutations.Of(body));
            var answer = await eve.Api.RawAsync(method, path, content);
            var outcome = answer.Status < 300 ? "2xx" : $"{answer.Status} {answer.Code}";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        await others.ShouldStillTalkAsync();
        Report("bodies", outcomes);
        Assert.DoesNotContain(outcomes.Keys, key => key.StartsWith('5'));
        Assert.Contains("400 bad_request", outcomes.Keys);
    }

    private static string Frame(string op, Guid chat, Guid user)
    {
        var d = new Dictionary<string, object>
        {
            ["chat"] = chat,
            ["user"] = user,
            ["seq"] = 1,
        };
        switch (op)
        {
            case "message.send":
                d = new()
                {
                    ["chat"] = chat,
                    ["cid"] = Guid.NewGuid(),
                    ["text"] = "hello",
                    ["reply_to"] = 1,
                };
                break;
            case "search":
                d = new() { ["q"] = "hello \"big world\"", ["limit"] = 5 };
                break;
            case "member.add" or "presence.get":
                d["users"] = new[] { user };
                break;
            case "chat.create":
                d = new()
                {
                    ["type"] = "group",
                    ["members"] = new[] { user },
                    ["title"] = "T",
                };
                break;
            case "token.refresh":
                d = new() { ["token"] = "x.y.z" };
                break;
            default:
                d["text"] = "hello";
                d["after"] = 0;
                d["read"] = 1;
                d["on"] = true;
                d["role"] = "member";
                d["run"] = Guid.NewGuid();
                d["kind"] = "summarize";
                d["emoji"] = "👍";
                break;
        }
        return JsonSerializer.Serialize(
            new
            {
                id = 1_000_000 + Random.Shared.Next(1_000_000),
                op,
                d,
            }
        );
    }

    private void Report(string what, SortedDictionary<string, int> outcomes)
    {
        var line = new StringBuilder($"{Count} {what}, seed {Seed}:");
        foreach (var (outcome, count) in outcomes)
            line.Append($" {outcome} {count},");
        output.WriteLine($"{line}");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
