using System.Data.Common;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace ChatAi.ReadModel.Tests;

/// <summary>Empty read tables of one test, with writer and reader.</summary>
public sealed class ReadDatabase : IAsyncDisposable
{
    private readonly Func<ValueTask> _remove;

    public ReadDatabase(ReadStoreOptions options, Func<ValueTask> remove, Action<DbCommand>? onCommand = null)
    {
        _remove = remove;
        Store = new ReadStore(options, onCommand);
        Progress = new ProjectionProgress();
        Reader = new SqlChatReader(Store, Progress, TimeProvider.System);
        Search = new MessageSearch(Store, TimeProvider.System);
        Writer = NewWriter();
    }

    public ReadStore Store { get; }
    public ProjectionProgress Progress { get; }
    public SqlChatReader Reader { get; }
    public MessageSearch Search { get; }
    public ProjectionWriter Writer { get; private set; }

    /// <summary>What the writer may fetch when it sees a gap.</summary>
    public World? World { get; set; }

    public static ReadDatabase Sqlite(Action<DbCommand>? onCommand = null)
    {
        var folder = Directory.CreateTempSubdirectory("chatai-read-").FullName;
        return new ReadDatabase(
            ReadStoreOptions.Sqlite(Path.Combine(folder, "read.db")),
            () =>
            {
                SqliteConnection.ClearAllPools();
                Directory.Delete(folder, true);
                return ValueTask.CompletedTask;
            },
            onCommand
        );
    }

    /// <summary>From now on messages are put into the outbox, too.</summary>
    public async Task TellOfMessagesAsync(PushRules rules)
    {
        await Writer.DisposeAsync();
        Writer = NewWriter(rules);
    }

    public ProjectionWriter NewWriter(PushRules? push = null) =>
        new(
            Store,
            (id, from, to, _) =>
                Task.FromResult<IReadOnlyList<JournalEntry>>([
                    .. (World?.Journal ?? []).Where(e =>
                        e.PersistenceId == id && e.SequenceNr >= from && e.SequenceNr <= to
                    ),
                ]),
            Slice.Whole,
            push
        );

    /// <summary>Projects what the tables do not have yet, in batches of a given size.</summary>
    public async Task ProjectAsync(World world, int batchSize = 64)
    {
        World = world;
        var position = await Writer.PositionAsync(CancellationToken.None);
        foreach (var batch in world.Journal.Where(e => e.Ordering > position).Chunk(batchSize))
        {
            var advances = await Writer.ApplyAsync(batch, CancellationToken.None);
            Progress.Applied(Slice.Whole, new SliceProgress(batch[^1].Ordering, TimeSpan.Zero), advances);
        }
    }

    /// <summary>All rows of all tables as text, one line a row; the same for both databases.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync()
    {
        await using var connection = await Store.OpenAsync(CancellationToken.None);
        var lines = new List<string>();
        foreach (var table in Schema.Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                lines.Add(
                    $"{table}: "
                        + string.Join(
                            " | ",
                            Enumerable
                                .Range(0, reader.FieldCount)
                                .Select(i => $"{reader.GetName(i)}={TextOf(reader[i])}")
                        )
                );
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>All that the index of words holds, as the database keeps it.</summary>
    public async Task<IReadOnlyList<string>> SearchTermsAsync()
    {
        await using var connection = await Store.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText =
            Store.Dialect == ReadDialect.Sqlite
                ? "SELECT block FROM message_search_data ORDER BY id"
                : "SELECT convert_to(tokens::text, 'UTF8') FROM message_search ORDER BY chat_id, seq";
        await using var reader = await command.ExecuteReaderAsync();
        var terms = new List<string>();
        while (await reader.ReadAsync())
            terms.Add(System.Text.Encoding.UTF8.GetString((byte[])reader[0]));
        return terms;
    }

    public async Task<List<T>> QueryAsync<T>(string sql, params DataParameter[] parameters) =>
        await Store.RunAsync((db, cancel) => db.QueryToListAsync<T>(sql, cancel, parameters), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        Search.Dispose();
        Store.Dispose();
        await _remove();
    }

    private static string TextOf(object value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            bool flag => flag ? "1" : "0",
            DateTime time => RowValues.TimeToText(new DateTimeOffset(time)),
            _ => value.ToString() ?? "",
        };
}
