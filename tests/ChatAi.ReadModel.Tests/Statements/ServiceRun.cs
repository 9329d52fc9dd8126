using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>The service itself, on the database under watch: people sign up, talk, ask the assistant, come back after a crash.</summary>
public static class ServiceRun
{
    private const string AdminToken = "a token for operators";

    public static async Task RunAsync(string connectionString)
    {
        var settings = new Dictionary<string, string>
        {
            ["ChatAi__Database"] = "postgres",
            ["ChatAi__Auth__SigningKey"] = Convert.ToBase64String(new byte[32]),
            ["ConnectionStrings__ChatAi"] = $"{connectionString};Application Name={StatementLog.Application}",
            ["ChatAi__Ai__SweepSeconds"] = "1",
            ["ChatAi__Attachments__SweepSeconds"] = "1",
            ["ChatAi__Admin__Token"] = AdminToken,
        };
        await using var server = await ServerProcess.StartAsync(settings);
        await Filler.FillAsync(connectionString, TableRules.Growing.Select(t => t.Name));

        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        var bob = await TestUser.SignUpAsync(server.Url, "Bob");
        var eve = await TestUser.SignUpAsync(server.Url, "Eve");
        await ann.Api.RenameAsync("Anna");
        await ann.Api.LookupAsync(bob.Phone);
        var group = await ann.Api.CreateChatAsync("group", [bob.Id], "Plans");
        await bob.Api.CallAsync(HttpMethod.Put, "/v1/push", new { type = "log" });
        await bob.Api.CallAsync(HttpMethod.Get, "/v1/push");
        await using (var socket = await ann.ConnectAsync())
        {
            for (var i = 0; i < 130; i++)
                await socket.SendAsync(group.Id, $"We meet at {i % 12} in room {i}.");
            await socket.SendToAsync(bob.Id, "hello");
            await socket.AckAsync(group.Id, 100, 100);
            await socket.ListChatsAsync(1);
        }
        await AskAsync(bob, group.Id, "catchup");
        await AskAsync(ann, group.Id, "reply");
        await ann.Api.AddMembersAsync(group.Id, [eve.Id]);
        await ann.Api.RemoveMemberAsync(group.Id, eve.Id);
        await ann.Api.SetChatAsync(group.Id, new { title = "Old plans", muted = true });
        await ShareAsync(ann, bob, group.Id);
        await ChangeAsync(ann, group.Id);
        await bob.Api.MessagesAsync(group.Id, before: 60, limit: 20);
        var page = await bob.Api.ChatsAsync(1);
        await bob.Api.ChatsAsync(1, page.Next);
        await SummaryAsync(bob, group.Id);
        await bob.Api.CallAsync(HttpMethod.Get, "/v1/export");

        await bob.Api.CallAsync(HttpMethod.Delete, "/v1/push");
        await OperateAsync(server.Url);

        server.Kill9();
        await server.RestartAsync();
        await bob.Api.MessagesAsync(group.Id, limit: 50);
        await bob.Api.ChatsAsync();
        await ann.Api.SendAsync(group.Id, "still here");
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Every question of an operator that the document of the calls names.</summary>
    private static async Task OperateAsync(Uri server)
    {
        var file = Path.Combine(RepositoryRoot.Find(), "src", "ChatNode", "Api", "Documents", "openapi.v1.json");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var asked = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            if (
                path.Name.StartsWith("/v1/admin", StringComparison.Ordinal)
                && !path.Name.Contains('{', StringComparison.Ordinal)
                && path.Value.TryGetProperty("get", out _)
            )
            {
                await new ChatApi(server, AdminToken).CallAsync(HttpMethod.Get, path.Name);
                asked++;
            }
        Assert.InRange(asked, 3, 100);
    }

    // One file is sent, had and deleted with its message; one is refused, and nobody ever sends it.
    private static async Task ShareAsync(TestUser by, TestUser reader, Guid chat)
    {
        var upload = await by.Api.UploadAsync("hello"u8.ToArray(), "text/plain", "a.txt");
        var left = await by.Api.UploadAsync("left"u8.ToArray(), "text/plain", "b.txt");
        var missing = new[] { left, Guid.CreateVersion7() };
        await Assert.ThrowsAsync<ChatErrorException>(() => by.Api.SendFilesAsync(chat, "", missing));
        var seq = (await by.Api.SendFilesAsync(chat, "", [upload])).Seq;
        using (var got = await reader.Api.SendRawAsync(HttpMethod.Get, $"/v1/attachments/{upload}"))
            Assert.Equal("hello", await got.Content.ReadAsStringAsync());
        await using var socket = await by.ConnectAsync();
        await socket.RequestAsync("message.delete", new { chat, seq });
        // The sweeper finds the content, looks for others that have it, and deletes it.
        await UntilAsync(async () =>
        {
            return Metric(await by.Api.MetricsAsync(), "chatai_attachments_deleted_total") >= 1;
        });
    }

    private static double Metric(string metrics, string name) =>
        metrics
            .Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))
            .DefaultIfEmpty(0)
            .Sum();

    private static async Task ChangeAsync(TestUser user, Guid chat)
    {
        await using var socket = await user.ConnectAsync();
        await socket.RequestAsync(
            "message.edit",
            new
            {
                chat,
                seq = 7,
                text = "Seven",
            }
        );
        await socket.RequestAsync("message.delete", new { chat, seq = 8 });
        await socket.RequestAsync(
            "message.react",
            new
            {
                chat,
                seq = 9,
                emoji = "👍",
            }
        );
    }

    private static async Task AskAsync(TestUser user, Guid chat, string kind)
    {
        var run = (await user.Api.AskAsync(chat, kind, kind == "reply" ? "When do we meet?" : null, true)).Run;
        await UntilAsync(async () =>
            (await user.Api.RunAsync(run)).GetProperty("status").GetString() is not ("queued" or "running")
        );
    }

    // The sweeper finds out that there should be one.
    private static Task SummaryAsync(TestUser user, Guid chat) =>
        UntilAsync(async () =>
        {
            try
            {
                await user.Api.SummaryAsync(chat);
                return true;
            }
            catch (ChatErrorException none) when (none.Code == "not_found")
            {
                return false;
            }
        });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
            await Task.Delay(25, late.Token);
    }
}
