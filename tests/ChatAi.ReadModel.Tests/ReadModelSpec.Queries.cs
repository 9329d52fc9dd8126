using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ReadModel.Tests;

public abstract partial class ReadModelSpec
{
    // As they stand in the architecture.
    private const string RecentChats = """
        SELECT id, type, last_message_preview, last_message_at FROM chats
        WHERE id IN (SELECT chat_id FROM chat_members WHERE user_id = :user) ORDER BY last_message_at DESC LIMIT 5;
        """;

    private const string OlderMessages = """
        SELECT id, sender_id, is_ai, content, created_at FROM messages
        WHERE chat_id = :chat AND created_at < :time ORDER BY created_at DESC LIMIT 50;
        """;

    private const string BotDominated = """
        SELECT chat_id, SUM(CASE WHEN is_ai = TRUE THEN 1 ELSE 0 END) AS ai_messages,
               SUM(CASE WHEN is_ai = FALSE THEN 1 ELSE 0 END) AS human_messages
        FROM messages GROUP BY chat_id
        HAVING SUM(CASE WHEN is_ai = TRUE THEN 1 ELSE 0 END) > SUM(CASE WHEN is_ai = FALSE THEN 1 ELSE 0 END);
        """;

    // The owner's sweep, written so that SQL allows it: messages after the one that was summarized last.
    private const string StaleByCounting = """
        SELECT c.id FROM chats c LEFT JOIN ai_cache_contexts s ON s.chat_id = c.id
        WHERE (SELECT COUNT(*) FROM messages m WHERE m.chat_id = c.id AND m.seq > COALESCE(
          (SELECT l.seq FROM messages l WHERE l.chat_id = c.id AND l.id = s.latest_summarized_msg_id), 0)) > 100
        """;

    [SkippableFact]
    public async Task Should_run_the_owners_recent_list()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        for (var i = 0; i < 7; i++)
            World.Send(World.NewGroup(ann, bob), bob, $"hello {i}");
        World.Send(World.NewGroup(bob), bob, "not for Ann");
        await ProjectAsync();
        var rows = await OwnerAsync(RecentChats, ("user", ann.ToString()));
        Assert.Equal(["hello 6", "hello 5", "hello 4", "hello 3", "hello 2"], rows.Select(r => r[2]));
    }

    [SkippableFact]
    public async Task Should_run_the_owners_history()
    {
        SkipUnlessAvailable();
        var (chat, _, _) = TalkOf(80);
        await ProjectAsync();
        var time = World.Messages[chat][70].At;
        var rows = await OwnerAsync(OlderMessages, ("chat", chat.ToString()), ("time", time));
        Assert.Equal(50, rows.Count);
        Assert.Equal(
            World
                .Messages[chat]
                .Values.Where(m => m.At < time)
                .Reverse()
                .Take(50)
                .Select(m => (m.Id.ToString(), m.Text)),
            rows.Select(r => ((string)r[0], (string)r[3]))
        );
    }

    [SkippableFact]
    public async Task Should_run_the_owners_search_for_rooms_full_of_bots()
    {
        SkipUnlessAvailable();
        var (chat, _, _) = TalkOf(3);
        var (noisy, _, _) = TalkOf(2);
        for (var i = 0; i < 3; i++)
            World.Happen(noisy, Sent(World.Chats[noisy].Head + 1, UserId.Assistant, $"beep {i}", World.Now));
        World.Happen(chat, Sent(World.Chats[chat].Head + 1, UserId.Assistant, "beep", World.Now));
        await ProjectAsync();
        var row = Assert.Single(await OwnerAsync(BotDominated));
        Assert.Equal((noisy.ToString(), 3L, 2L), ((string)row[0], Convert.ToInt64(row[1]), Convert.ToInt64(row[2])));
        var kept = await Database.QueryAsync<string>("SELECT id FROM chats WHERE ai_messages > human_messages");
        Assert.Equal([noisy.ToString()], kept);
    }

    [SkippableFact]
    public async Task Should_sweep_stale_summaries_as_counting_would()
    {
        SkipUnlessAvailable();
        var provenance = new AiProvenance("extractive", "none", null, "p1", 0, 1, 100, 1, 1, World.Now, null);
        var (fresh, stale, never, off, edited) = (TalkOf(150), TalkOf(230), TalkOf(120), TalkOf(130), TalkOf(110));
        Summarize(fresh.Chat, 101);
        Summarize(stale.Chat, 101);
        Summarize(edited.Chat, 101);
        TalkOf(100);
        World.Execute(off.Chat, new ChatCommands.SetChat(off.Ann, null, false, null, null, null));
        await ProjectAsync();
        Assert.Equal([stale.Chat, never.Chat], await Reader.StaleSummariesAsync(10, None));
        Assert.Equal([stale.Chat], await Reader.StaleSummariesAsync(1, None));

        World.Execute(edited.Chat, new ChatCommands.EditMessage(edited.Ann, 2, "changed"));
        await ProjectAsync();
        var swept = await Reader.StaleSummariesAsync(10, None);
        Assert.Equal([stale.Chat, never.Chat, edited.Chat], swept);
        var counted = await OwnerAsync(StaleByCounting);
        Assert.Equal(
            counted.Select(r => (string)r[0]).Order(StringComparer.Ordinal),
            swept.Append(off.Chat).Select(c => c.ToString()).Order(StringComparer.Ordinal)
        );

        void Summarize(ChatId chat, long latest)
        {
            var run = new RunId(World.NewId());
            var message = World.Messages[chat][latest].Id;
            World.Happen(
                chat,
                new ChatEvents.SummaryUpdated(run, "So far …", 1, latest, message, "ab", [2], provenance, World.Now)
            );
        }
    }

    private async Task<List<object[]>> OwnerAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await Database.Store.OpenAsync(None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = Database.Store.Dialect.Parameter(value);
            command.Parameters.Add(parameter);
        }
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }
}
