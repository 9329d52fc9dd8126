using System.Data.Common;
using ChatAi.ChatNode.ReadModel.Search;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>Brings the schema of the read tables up to this version of the service.</summary>
public static class Migrator
{
    private const string CreateVersions =
        "CREATE TABLE IF NOT EXISTS read_schema (version integer NOT NULL PRIMARY KEY, name text NOT NULL)";

    /// <exception cref="InvalidOperationException">A newer version of the service has been here.</exception>
    public static Task MigrateAsync(ReadStore store, CancellationToken cancel) =>
        InTransactionAsync(
            store,
            async (connection, transaction) =>
            {
                var done = await VersionsAsync(connection, transaction, cancel);
                var newest = Schema.Migrations[^1].Version;
                if (done.Count > 0 && done.Max() > newest)
                    throw new InvalidOperationException(
                        $"The read tables have schema {done.Max()}, this version of the service knows {newest}."
                    );
                // Tables without a version are the rest of a rebuild that was cut off.
                if (done.Count == 0)
                    await DropTablesAsync(connection, transaction, cancel);
                foreach (var migration in Schema.Migrations.Where(m => !done.Contains(m.Version)))
                {
                    await CreateTablesAsync(store, connection, transaction, migration, cancel);
                    if (migration.FillsSearch)
                        await SearchFill.RunAsync(store.Dialect, connection, transaction, cancel);
                    await FinishAsync(store, connection, transaction, migration, cancel);
                }
                await SliceAsync(store, connection, transaction, cancel);
            },
            cancel
        );

    /// <summary>
    /// Drops the read tables with all that is in them and makes empty ones without what only readers need. Until
    /// <see cref="FinishRebuildAsync"/> they count as not being there.
    /// </summary>
    public static Task StartRebuildAsync(ReadStore store, CancellationToken cancel) =>
        InTransactionAsync(
            store,
            async (connection, transaction) =>
            {
                await DropTablesAsync(connection, transaction, cancel);
                await ExecuteAsync(connection, transaction, "DELETE FROM read_schema", cancel);
                foreach (var migration in Schema.Migrations)
                    await CreateTablesAsync(store, connection, transaction, migration, cancel);
            },
            cancel
        );

    public static Task FinishRebuildAsync(ReadStore store, CancellationToken cancel) =>
        InTransactionAsync(
            store,
            async (connection, transaction) =>
            {
                foreach (var migration in Schema.Migrations)
                    await FinishAsync(store, connection, transaction, migration, cancel);
                await SliceAsync(store, connection, transaction, cancel);
            },
            cancel
        );

    private static async Task InTransactionAsync(
        ReadStore store,
        Func<DbConnection, DbTransaction, Task> work,
        CancellationToken cancel
    )
    {
        await using var connection = await store.OpenAsync(cancel);
        // Kept in the file: set once, not for each connection.
        if (store.Dialect == ReadDialect.Sqlite)
            await ExecuteAsync(connection, null, "PRAGMA journal_mode = WAL", cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Nodes of a cluster may start together: one at a time.
        if (store.Dialect == ReadDialect.Postgres)
            await ExecuteAsync(connection, transaction, "SELECT pg_advisory_xact_lock(7301)", cancel);
        await ExecuteAsync(connection, transaction, CreateVersions, cancel);
        await work(connection, transaction);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Gives each slice its offset. Slices of another count end here, with their rows: whoever still projects one finds
    /// nothing to lock. The new ones begin where the slowest of the old ones was; rows take no event twice.
    /// </summary>
    private static async Task SliceAsync(
        ReadStore store,
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancel
    )
    {
        var count = store.Options.Slices;
        var wanted = Enumerable.Range(0, count).Select(slice => Schema.OffsetNameOf(slice, count)).ToHashSet();
        var offsets = new Dictionary<string, long>();
        await using (var command = connection.CreateCommand())
        {
            command.Transaction = transaction;
            command.CommandText =
                "SELECT name, position FROM projection_offsets ORDER BY name" + store.Dialect.ForUpdate;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                offsets[reader.GetString(0)] = reader.GetInt64(1);
        }
        if (wanted.SetEquals(offsets.Keys))
            return;
        var position = offsets.Count == 0 ? 0 : offsets.Values.Min();
        await ExecuteAsync(connection, transaction, "DELETE FROM projection_offsets", cancel);
        foreach (var name in wanted)
            await ExecuteAsync(
                connection,
                transaction,
                $"INSERT INTO projection_offsets (name, position) VALUES ('{name}', {position})",
                cancel
            );
    }

    private static Task CreateTablesAsync(
        ReadStore store,
        DbConnection connection,
        DbTransaction transaction,
        Migration migration,
        CancellationToken cancel
    ) => ExecuteAsync(connection, transaction, store.Dialect.Expand(migration.Tables), cancel);

    private static async Task FinishAsync(
        ReadStore store,
        DbConnection connection,
        DbTransaction transaction,
        Migration migration,
        CancellationToken cancel
    )
    {
        foreach (var index in migration.ReadIndexes)
            await ExecuteAsync(connection, transaction, store.Dialect.Expand(index), cancel);
        await ExecuteAsync(
            connection,
            transaction,
            $"INSERT INTO read_schema (version, name) VALUES ({migration.Version}, '{migration.Name}')",
            cancel
        );
    }

    private static async Task DropTablesAsync(
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancel
    )
    {
        foreach (var table in Schema.Tables.Concat(SearchTables.All))
            await ExecuteAsync(connection, transaction, $"DROP TABLE IF EXISTS {table}", cancel);
    }

    private static async Task<List<long>> VersionsAsync(
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancel
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT version FROM read_schema";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var versions = new List<long>();
        while (await reader.ReadAsync(cancel))
            versions.Add(reader.GetInt32(0));
        return versions;
    }

    private static async Task ExecuteAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string sql,
        CancellationToken cancel
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        // An index of a large table takes as long as it takes.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
