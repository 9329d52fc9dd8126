using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;
using ChatAi.Testing.Documents;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>
/// Every op of the AsyncAPI document by everyone who has no right to a chat, and every call of the OpenAPI document with
/// every token that is none: what is added to the documents and not to the tables here fails.
/// </summary>
public sealed class RightsMatrixTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private sealed record Target(Guid Chat, Guid Member, Guid Run, string Secret);

    private enum Expected
    {
        NotFound,

        /// <summary>Not about the chat: whatever the answer, it has nothing of it.</summary>
        Silent,
    }

    private static readonly Dictionary<string, (Expected Expected, Func<Target, object> D)> Ops = new()
    {
        ["chat.get"] = (Expected.NotFound, t => new { chat = t.Chat }),
        ["chat.set"] = (Expected.NotFound, t => new { chat = t.Chat, title = "mine" }),
        ["member.add"] = (Expected.NotFound, t => new { chat = t.Chat, users = new[] { t.Member } }),
        ["member.remove"] = (Expected.NotFound, t => new { chat = t.Chat, user = t.Member }),
        ["member.role"] = (
            Expected.NotFound,
            t => new
            {
                chat = t.Chat,
                user = t.Member,
                role = "member",
            }
        ),
        ["message.send"] = (
            Expected.NotFound,
            t => new
            {
                chat = t.Chat,
                cid = Guid.CreateVersion7(),
                text = "from outside",
            }
        ),
        ["message.edit"] = (
            Expected.NotFound,
            t => new
            {
                chat = t.Chat,
                seq = 2,
                text = "changed",
            }
        ),
        ["message.delete"] = (Expected.NotFound, t => new { chat = t.Chat, seq = 2 }),
        ["message.react"] = (
            Expected.NotFound,
            t => new
            {
                chat = t.Chat,
                seq = 2,
                emoji = "👍",
            }
        ),
        ["history.get"] = (Expected.NotFound, t => new { chat = t.Chat }),
        ["sync.get"] = (Expected.NotFound, t => new { chat = t.Chat, after = 0 }),
        ["ack"] = (Expected.NotFound, t => new { chat = t.Chat, read = 1 }),
        ["ai.ask"] = (Expected.NotFound, t => new { chat = t.Chat, kind = "summarize" }),
        ["ai.regenerate"] = (Expected.NotFound, t => new { run = t.Run }),
        ["ai.cancel"] = (Expected.NotFound, t => new { run = t.Run }),
        ["ai.snapshot"] = (Expected.NotFound, t => new { run = t.Run }),
        ["hello"] = (Expected.Silent, _ => new { token = "x" }),
        ["token.refresh"] = (Expected.Silent, _ => new { token = "x" }),
        ["chat.create"] = (Expected.Silent, _ => new { type = "group", members = Array.Empty<Guid>() }),
        ["chat.list"] = (Expected.Silent, _ => new { }),
        ["typing"] = (Expected.Silent, t => new { chat = t.Chat, on = true }),
        ["presence.get"] = (Expected.Silent, t => new { users = new[] { t.Member } }),
        ["privacy.set"] = (Expected.Silent, _ => new { last_seen = "everyone" }),
        ["search"] = (Expected.Silent, t => new { q = t.Secret }),
    };

    [Fact]
    public void Should_know_every_op() => Assert.Equal(ProtocolDocuments.Ops.Order(), Ops.Keys.Order());

    [Fact]
    public async Task Should_tell_outsiders_nothing_by_any_op()
    {
        var (ann, bob) = (await server.SignUpAsync("Ann"), await server.SignUpAsync("Bob"));
        var (eve, removed, gone) = (
            await server.SignUpAsync("Eve"),
            await server.SignUpAsync("Removed"),
            await server.SignUpAsync("Gone")
        );
        await using var a = await ann.ConnectAsync();
        await using var b = await bob.ConnectAsync();
        var outsiders = new List<(string Who, ChatClient Socket)>();
        foreach (var user in new[] { eve, removed, gone })
            outsiders.Add((user.Name, await user.ConnectAsync()));
        var chat = (await a.CreateChatAsync("group", [bob.Id, removed.Id, gone.Id], "Plans")).Id;
        await a.RequestAsync("member.remove", new { chat, user = removed.Id });
        await outsiders[2].Socket.RequestAsync("member.remove", new { chat, user = gone.Id });
        var marks = outsiders.Select(o => o.Socket.Mark()).ToList();
        var secret = $"zq{Guid.NewGuid():N}";
        var sent = await a.SendAsync(chat, $"the word is {secret}");
        var run = (await ann.Api.AskAsync(chat, "summarize", isPrivate: true)).Run;
        var target = new Target(chat, bob.Id, run, secret);
        // The index has it when its member finds it: then an outsider who finds nothing was refused.
        while (!(await a.RequestAsync("search", new { q = secret })).GetRawText().Contains($"{chat}", Ordinal))
            await Task.Delay(50);

        foreach (var (who, socket) in outsiders)
        foreach (var (op, (expected, d)) in Ops)
        {
            var answer = await AnswerAsync(socket, op, d(target));
            Assert.DoesNotContain(secret, answer, Ordinal);
            if (expected == Expected.NotFound)
                Assert.Equal((who, op, "not_found"), (who, op, answer));
            else
                Assert.False(answer.Contains($"{chat}", Ordinal), $"{who} hears of the chat by {op}: {answer}");
        }

        // What outsiders tried changed nothing, and nothing of the chat came to them.
        await b.WaitForSeqAsync(chat, sent.Seq);
        var next = await a.SendAsync(chat, "the last");
        await b.WaitForSeqAsync(chat, next.Seq);
        Assert.Equal(sent.Seq + 1, next.Seq);
        foreach (var ((_, socket), mark) in outsiders.Zip(marks))
        {
            Assert.DoesNotContain(socket.Seen.Skip(mark), e => e.Chat == chat);
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Should_take_nothing_for_a_token_that_is_none()
    {
        var ann = await server.SignUpAsync("Ann");
        var left = await server.SignUpAsync("Left");
        await left.Api.LogoutAsync();
        var parts = ann.Tokens.AccessToken.Split('.');
        var noAlgorithm = Convert
            .ToBase64String("""{"alg":"none","typ":"JWT"}"""u8)
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');
        var tokens = new Dictionary<string, string>
        {
            ["of a device that signed out"] = left.Tokens.AccessToken,
            ["a refresh token"] = ann.Tokens.RefreshToken,
            ["of another's payload"] = $"{parts[0]}.{left.Tokens.AccessToken.Split('.')[1]}.{parts[2]}",
            ["without a signature"] = $"{parts[0]}.{parts[1]}.",
            ["of no algorithm"] = $"{noAlgorithm}.{parts[1]}.",
        };
        foreach (var (kind, token) in tokens)
        {
            var api = new ChatApi(server.Url, token);
            foreach (var (method, path, needsToken) in ProtocolDocuments.Calls)
            {
                if (!needsToken)
                    continue;
                var address = string.Join(
                    '/',
                    path.Split('/').Select(part => part.StartsWith('{') ? $"{Guid.CreateVersion7()}" : part)
                );
                var answer = await api.RawAsync(new HttpMethod(method), address);
                Assert.Equal((kind, method, path, 401), (kind, method, path, answer.Status));
            }
            await using var socket = await ChatClient.ConnectAsync(server.Url);
            await Assert.ThrowsAnyAsync<Exception>(() => socket.HelloAsync(token));
            var code = token == left.Tokens.AccessToken ? 4503 : 4501;
            Assert.Equal((kind, code), (kind, (await socket.Closed).Code));
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static async Task<string> AnswerAsync(ChatClient socket, string op, object d)
    {
        try
        {
            return (await socket.RequestAsync(op, d)).GetRawText();
        }
        catch (ChatErrorException refused)
        {
            return refused.Code;
        }
    }
}
