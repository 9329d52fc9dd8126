using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.Testing;
using Microsoft.Data.Sqlite;

namespace ChatAi.EndToEnd.Tests.Retention;

/// <summary>Messages that are older than the operator keeps them go for everyone, also those of before a crash.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Should_delete_what_is_old_after_a_kill_too_and_leave_no_word_of_it()
    {
        var secret = "zq" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                // 5 seconds.
                ["ChatAi__Retention__Days"] = "0.00005787",
                ["ChatAi__Retention__SweepSeconds"] = "1",
            }
        );
        var (ada, bob) = (await TestUser.SignUpAsync(server.Url, "Ada"), await TestUser.SignUpAsync(server.Url, "Bob"));
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "Tea")).Id;
        var old = await ada.Api.SendAsync(chat, $"the word is {secret}");
        server.Kill9();
        await server.RestartAsync();

        await using var b = await bob.ConnectAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = await EventsAsync(b, chat);
        while (events.GetArrayLength() == 2)
        {
            await Task.Delay(50, late.Token);
            events = await EventsAsync(b, chat);
        }
        var gone = events[2];
        Assert.Equal("message.deleted", gone.GetProperty("ev").GetString());
        Assert.Equal(old.Seq, gone.GetProperty("d").GetProperty("target").GetInt64());
        Assert.True(gone.GetProperty("d").GetProperty("expired").GetBoolean());
        var kept = await b.SendAsync(chat, "still here");

        var page = await bob.Api.MessagesAsync(chat);
        Assert.Equal([kept.Seq, old.Seq], page.Messages.Select(m => m.Seq));
        Assert.Equal(["still here", ""], page.Messages.Select(m => m.Text));
        while (JournalHas(server.DataDir, secret))
            await Task.Delay(50, late.Token);
    }

    private static async Task<JsonElement> EventsAsync(ChatClient client, Guid chat) =>
        (await client.RequestAsync("sync.get", new { chat, after = 0 })).GetProperty("events");

    private static bool JournalHas(string dataDir, string secret)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(dataDir, "journal.db")};Mode=ReadOnly;Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM journal WHERE instr(message, $secret) > 0";
        command.Parameters.AddWithValue("$secret", Encoding.UTF8.GetBytes(secret));
        return command.ExecuteScalar() is > 0L;
    }
}
