using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.ChatNode.Projections;

/// <summary>One transaction of the writer. Statements have the parameters <c>$1</c>, <c>$2</c> … in both databases.</summary>
public interface IWriteSession : IAsyncDisposable
{
    /// <summary>How the database keeps its index of words.</summary>
    SearchTables Search { get; }

    /// <summary>The same query for each set of arguments; rows in the order of the sets.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        IReadOnlyList<object?[]> arguments,
        Func<DbDataReader, T> map,
        CancellationToken cancel
    );

    /// <summary>Takes its place in the order of statements; has run when <see cref="CommitAsync"/> is done.</summary>
    void Execute(string sql, params object?[] arguments);

    Task CommitAsync(CancellationToken cancel);
}

/// <summary>SQLite: each statement is prepared once for the life of the connection and runs at once.</summary>
public sealed class SqliteWriteSession(SqliteConnection connection, Dictionary<string, SqliteCommand> prepared)
    : IWriteSession
{
    private readonly SqliteTransaction _transaction = connection.BeginTransaction(deferred: false);

    public SearchTables Search => SearchTables.Sqlite;

    public Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        IReadOnlyList<object?[]> arguments,
        Func<DbDataReader, T> map,
        CancellationToken cancel
    ) => Task.FromResult(Query(sql, arguments, map));

    public void Execute(string sql, params object?[] arguments) => Bind(sql, arguments).ExecuteNonQuery();

    public Task CommitAsync(CancellationToken cancel)
    {
        _transaction.Commit();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        // Without a commit this rolls back.
        _transaction.Dispose();
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<T> Query<T>(string sql, IReadOnlyList<object?[]> arguments, Func<DbDataReader, T> map)
    {
        var rows = new List<T>();
        foreach (var set in arguments)
        {
            using var reader = Bind(sql, set).ExecuteReader();
            while (reader.Read())
                rows.Add(map(reader));
        }
        return rows;
    }

    private SqliteCommand Bind(string sql, object?[] arguments)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= arguments.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            prepared[sql] = command;
        }
        command.Transaction = _transaction;
        for (var i = 0; i < arguments.Length; i++)
            command.Parameters[i].Value = ReadDialect.Sqlite.Parameter(arguments[i]);
        return command;
    }
}

/// <summary>PostgreSQL: all statements of the transaction go to the server in one round trip, at the commit.</summary>
public sealed class PostgresWriteSession : IWriteSession
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlBatch _batch;

    private PostgresWriteSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
        _batch = new NpgsqlBatch(connection, transaction);
        // A crash may lose the newest transactions, rows and offset together; the journal makes them again.
        Execute("SET LOCAL synchronous_commit = off");
    }

    public SearchTables Search => SearchTables.Postgres;

    public static async Task<PostgresWriteSession> BeginAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        new(connection, await connection.BeginTransactionAsync(cancel));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        IReadOnlyList<object?[]> arguments,
        Func<DbDataReader, T> map,
        CancellationToken cancel
    )
    {
        var rows = new List<T>();
        if (arguments.Count == 0)
            return rows;
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (var set in arguments)
            batch.BatchCommands.Add(Command(sql, set));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        do
        {
            while (await reader.ReadAsync(cancel))
                rows.Add(map(reader));
        } while (await reader.NextResultAsync(cancel));
        return rows;
    }

    public void Execute(string sql, params object?[] arguments) => _batch.BatchCommands.Add(Command(sql, arguments));

    public async Task CommitAsync(CancellationToken cancel)
    {
        await _batch.ExecuteNonQueryAsync(cancel);
        await _transaction.CommitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _transaction.DisposeAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, object?[] arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = ReadDialect.Postgres.Parameter(argument) });
        return command;
    }
}
