using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests;

/// <summary>What each question to the read tables costs, by SQLite's own account of how it goes about it.</summary>
public sealed class QueryPlanSpecs : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<(string Sql, (string Name, object? Value)[] Parameters)> _commands = [];
    private readonly ReadDatabase _database;
    private readonly World _world = new();
    private readonly ChatId _chat;
    private readonly UserId _ann;

    public QueryPlanSpecs()
    {
        _database = ReadDatabase.Sqlite(Keep);
        _ann = _world.NewUser("Ann");
        _chat = _world.NewGroup(_ann, _world.NewUser("Bob"));
        for (var i = 0; i < 20; i++)
            _world.Send(_chat, _ann, $"line {i}");
    }

    private IChatReader Reader => _database.Reader;

    public async Task InitializeAsync()
    {
        await _database.ProjectAsync(_world);
        _commands.Clear();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Should_read_the_recent_list_as_one_range()
    {
        await Reader.ChatsAsync(_ann, 5, null, None);
        await Reader.ChatsAsync(_ann, 5, new ChatCursor(_world.Now, _chat), None);
        var plans = await PlansAsync();
        Assert.Equal(2, plans.Count);
        Assert.Contains("chat_members_recent (user_id=?)", plans[0], StringComparison.Ordinal);
        Assert.Contains("chat_members_recent (user_id=? AND last_message_at<?)", plans[1], StringComparison.Ordinal);
        Assert.All(plans, IsRange);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_read_pages_of_history_and_events_as_ranges(bool newestFirst)
    {
        var page = new RestOfPage(3, 12, 5, newestFirst, 1);
        await Reader.MessagesAsync(_chat, page, None);
        await Reader.EventsAsync(_chat, page, None);
        var plans = await PlansAsync();
        Assert.Equal(5, plans.Count);
        Assert.All(plans, IsRange);
    }

    [Fact]
    public async Task Should_look_up_single_rows_by_key()
    {
        await Reader.FindByCidAsync(_chat, _ann, new ClientMessageId(_world.NewId()), 1, None);
        await Reader.FindBySeqAsync(_chat, 4, 1, None);
        await Reader.QuotingAsync(_chat, 4, 1, None);
        await Reader.CountUnreadAsync(_chat, _ann, 2, 9, 1, None);
        await Reader.NamesAsync([_ann, new UserId(_world.NewId())], None);
        await Reader.RunAsync(new RunId(_world.NewId()), None);
        await Reader.RunsOfAsync(_chat, _ann, new RunId(_world.NewId()), 10, 1, None);
        var plans = await PlansAsync();
        Assert.Equal(12, plans.Count);
        Assert.All(plans, IsRange);
    }

    [Fact]
    public async Task Should_find_stale_summaries_and_open_runs_by_indexes_that_hold_no_others()
    {
        await Reader.StaleSummariesAsync(10, None);
        await Reader.OpenRunsAsync(10, None);
        var plans = await PlansAsync();
        Assert.Contains("INDEX chats_stale (unsummarized>?)", plans[0], StringComparison.Ordinal);
        IsRange(plans[0]);
        Assert.Contains("SCAN r USING INDEX ai_runs_open", plans[1], StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plans[1], StringComparison.Ordinal);
    }

    private static void IsRange(string plan)
    {
        Assert.False(plan.Contains("SCAN", StringComparison.Ordinal), plan);
        Assert.False(plan.Contains("TEMP B-TREE", StringComparison.Ordinal), plan);
    }

    private void Keep(DbCommand command)
    {
        var parameters = command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value)).ToArray();
        lock (_commands)
            _commands.Add((command.CommandText, parameters));
    }

    private async Task<IReadOnlyList<string>> PlansAsync()
    {
        await using var connection = await _database.Store.OpenAsync(None);
        var plans = new List<string>();
        foreach (var (sql, parameters) in _commands.ToList())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + sql;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string> { sql };
            while (await reader.ReadAsync())
                lines.Add(reader.GetString(3));
            plans.Add(string.Join('\n', lines));
        }
        return plans;
    }
}
