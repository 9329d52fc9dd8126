using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.Bench.Relay;

/// <summary>One message as the relay stores it: one row.</summary>
public sealed record RelayRow(Guid Chat, long Seq, Guid Id, Guid Sender, Guid Cid, string Text, DateTimeOffset At);

/// <summary>Writes a batch of messages as one transaction. What returns is on the disk.</summary>
public interface IRelayStore : IAsyncDisposable
{
    Task WriteAsync(IReadOnlyList<RelayRow> batch);
}

/// <summary>SQLite in WAL mode with <c>synchronous=FULL</c>: each commit waits for the disk.</summary>
public sealed class SqliteRelayStore : IRelayStore
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public SqliteRelayStore(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute(
            """
            CREATE TABLE messages (chat_id TEXT, seq INTEGER, id TEXT, sender_id TEXT, cid TEXT, content TEXT, created_at TEXT,
                PRIMARY KEY (chat_id, seq)) WITHOUT ROWID
            """
        );
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO messages VALUES ($chat, $seq, $id, $sender, $cid, $text, $at)";
        foreach (var name in (string[])["$chat", "$seq", "$id", "$sender", "$cid", "$text", "$at"])
        {
            _insert.Parameters.Add(new SqliteParameter(name, null));
        }

        _insert.Prepare();
    }

    public Task WriteAsync(IReadOnlyList<RelayRow> batch)
    {
        Write(batch);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // Microsoft.Data.Sqlite has no true asynchronous calls: the writer's own thread blocks here.
    private void Write(IReadOnlyList<RelayRow> batch)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (var row in batch)
        {
            object[] values = [row.Chat, row.Seq, row.Id, row.Sender, row.Cid, row.Text, row.At];
            for (var i = 0; i < values.Length; i++)
            {
                _insert.Parameters[i].Value = values[i];
            }

            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>PostgreSQL with <c>synchronous_commit=on</c>: one multi-row INSERT a batch, prepared once.</summary>
public sealed class PostgresRelayStore : IRelayStore
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _insert;

    private PostgresRelayStore(NpgsqlConnection connection, NpgsqlCommand insert)
    {
        _connection = connection;
        _insert = insert;
    }

    public static async Task<PostgresRelayStore> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(
            """
            SET synchronous_commit = on;
            DROP TABLE IF EXISTS relay_messages;
            CREATE TABLE relay_messages (chat_id uuid, seq bigint, id uuid, sender_id uuid, cid uuid, content text,
                created_at timestamptz, PRIMARY KEY (chat_id, seq))
            """,
            connection
        );
        await create.ExecuteNonQueryAsync();
        var insert = new NpgsqlCommand(
            "INSERT INTO relay_messages SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
            connection
        );
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [] });
        insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [] });
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [] });
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [] });
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [] });
        insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [] });
        insert.Parameters.Add(
            new NpgsqlParameter<DateTime[]>
            {
                TypedValue = [],
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }
        );
        await insert.PrepareAsync();
        return new PostgresRelayStore(connection, insert);
    }

    public async Task WriteAsync(IReadOnlyList<RelayRow> batch)
    {
        object[] columns =
        [
            batch.Select(row => row.Chat).ToArray(),
            batch.Select(row => row.Seq).ToArray(),
            batch.Select(row => row.Id).ToArray(),
            batch.Select(row => row.Sender).ToArray(),
            batch.Select(row => row.Cid).ToArray(),
            batch.Select(row => row.Text).ToArray(),
            batch.Select(row => row.At.UtcDateTime).ToArray(),
        ];
        for (var i = 0; i < columns.Length; i++)
        {
            _insert.Parameters[i].Value = columns[i];
        }

        await _insert.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
