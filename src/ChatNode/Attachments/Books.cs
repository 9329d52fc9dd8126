using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Attachments;

/// <summary>One transaction on the tables of attachments. Statements have the parameters <c>$1</c>, <c>$2</c> … in both databases.</summary>
internal sealed class Books(DbConnection connection, DbTransaction transaction, ReadDialect dialect)
{
    /// <summary>SQLite: takes the lock for writing at once; its driver blocks the thread, hence one of the pool.</summary>
    /// <exception cref="TimeoutException">The database does not answer for now.</exception>
    public static Task<T> InTransactionAsync<T>(ReadStore store, Func<Books, Task<T>> work, CancellationToken cancel) =>
        Task.Run(
            async () =>
            {
                try
                {
                    await store.MigratedAsync().WaitAsync(cancel);
                    await using var connection = await store.OpenAsync(cancel);
                    await using var transaction = await connection.BeginTransactionAsync(cancel);
                    var result = await work(new Books(connection, transaction, store.Dialect));
                    await transaction.CommitAsync(cancel);
                    return result;
                }
                catch (DbException gone) when (gone.IsTransient || gone is SqliteException { SqliteErrorCode: 5 })
                {
                    throw new TimeoutException("The database of attachments does not answer.", gone);
                }
            },
            cancel
        );

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancel, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> map,
        CancellationToken cancel,
        params object?[] arguments
    )
    {
        await using var command = Command(sql, arguments);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(map(reader));
        return rows;
    }

    public async Task<long> NumberAsync(string sql, CancellationToken cancel, params object?[] arguments) =>
        (await QueryAsync(sql, reader => reader.IsDBNull(0) ? 0 : reader.GetInt64(0), cancel, arguments))
            .DefaultIfEmpty(0)
            .First();

    private DbCommand Command(string sql, object?[] arguments)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = command.CreateParameter();
            if (parameter is SqliteParameter)
                parameter.ParameterName = $"${i + 1}";
            parameter.Value = dialect.Parameter(arguments[i]);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
