using System.Data.Common;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Operators;

/// <summary>A call of an operator that changes something.</summary>
/// <param name="Token">Which token it was: the beginning of its hash.</param>
/// <param name="From">The caller's address.</param>
/// <param name="Node">The node that was called.</param>
/// <param name="Action">For example <c>node.drain</c>.</param>
/// <param name="Target">What it is about; empty where it is about the whole cluster.</param>
public sealed record AuditedCall(string Token, string From, string Node, string Action, string Target);

/// <param name="Outcome"><c>done</c>, <c>refused</c> or <c>failed</c>; null where the node ended before it knew.</param>
public sealed record AuditRow(
    long Id,
    DateTimeOffset At,
    AuditedCall Call,
    DateTimeOffset? EndedAt,
    string? Outcome,
    string? Detail
);

/// <summary>
/// The table <c>operator_audit</c>, in the journal's database: it is in its backups, outlives a rebuild of the read
/// tables, and needs no cluster to be written to. A row is there before the call does anything.
/// </summary>
public sealed class AuditLog(ReadDialect dialect, string connectionString, TimeProvider time) : IDisposable
{
    public const int MostRows = 200;

    private const string Create = """
        CREATE TABLE IF NOT EXISTS operator_audit (
          id {identity},
          at {time} NOT NULL,
          token text NOT NULL,
          address text NOT NULL,
          node text NOT NULL,
          action text NOT NULL,
          target text NOT NULL,
          ended_at {time},
          outcome text,
          detail text
        )
        """;

    private readonly SemaphoreSlim _creating = new(1);
    private volatile bool _created;

    public void Dispose() => _creating.Dispose();

    /// <returns>The row's number.</returns>
    public Task<long> BeginAsync(AuditedCall call, CancellationToken cancel) =>
        RunAsync(
            "INSERT INTO operator_audit (at, token, address, node, action, target) "
                + "VALUES (@at, @token, @address, @node, @action, @target) RETURNING id",
            async command => (long)(await command.ExecuteScalarAsync(cancel))!,
            cancel,
            ("at", time.GetUtcNow()),
            ("token", call.Token),
            ("address", call.From),
            ("node", call.Node),
            ("action", call.Action),
            ("target", call.Target)
        );

    public Task EndAsync(long id, string outcome, string? detail, CancellationToken cancel) =>
        RunAsync(
            "UPDATE operator_audit SET ended_at = @at, outcome = @outcome, detail = @detail WHERE id = @id",
            command => command.ExecuteNonQueryAsync(cancel),
            cancel,
            ("at", time.GetUtcNow()),
            ("outcome", outcome),
            ("detail", detail),
            ("id", id)
        );

    /// <summary>Newest first.</summary>
    /// <param name="before">Only rows with lower numbers; null from the newest on.</param>
    public Task<IReadOnlyList<AuditRow>> PageAsync(long? before, int limit, CancellationToken cancel) =>
        RunAsync<IReadOnlyList<AuditRow>>(
            "SELECT id, at, token, address, node, action, target, ended_at, outcome, detail FROM operator_audit "
                + $"WHERE id < @before ORDER BY id DESC LIMIT {Math.Min(limit, MostRows)}",
            async command =>
            {
                var rows = new List<AuditRow>();
                await using var reader = await command.ExecuteReaderAsync(cancel);
                while (await reader.ReadAsync(cancel))
                    rows.Add(RowOf(reader));
                return rows;
            },
            cancel,
            ("before", before ?? long.MaxValue)
        );

    private AuditRow RowOf(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            dialect.TimeOf(reader, 1),
            new AuditedCall(
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetString(6)
            ),
            reader.IsDBNull(7) ? null : dialect.TimeOf(reader, 7),
            reader.IsDBNull(8) ? null : reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetString(9)
        );

    // SQLite's driver blocks its thread.
    private Task<T> RunAsync<T>(
        string sql,
        Func<DbCommand, Task<T>> run,
        CancellationToken cancel,
        params (string Name, object? Value)[] parameters
    ) =>
        Task.Run(
            async () =>
            {
                await using var connection = dialect.Connect(connectionString);
                await connection.OpenAsync(cancel);
                await EnsureCreatedAsync(connection, cancel);
                await using var command = connection.CreateCommand();
                command.CommandText = sql;
                foreach (var (name, value) in parameters)
                {
                    var parameter = command.CreateParameter();
                    parameter.ParameterName = name;
                    parameter.Value = dialect.Parameter(value);
                    command.Parameters.Add(parameter);
                }
                return await run(command);
            },
            cancel
        );

    private async Task EnsureCreatedAsync(DbConnection connection, CancellationToken cancel)
    {
        if (_created)
            return;
        await _creating.WaitAsync(cancel);
        try
        {
            await using var command = connection.CreateCommand();
            // Two nodes that make it at once would have one of them fail.
            var once = dialect == ReadDialect.Postgres ? "SELECT pg_advisory_xact_lock(7302); " : "";
            var identity =
                dialect == ReadDialect.Postgres
                    ? "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
                    : "integer PRIMARY KEY AUTOINCREMENT";
            command.CommandText =
                once + dialect.Expand(Create.Replace("{identity}", identity, StringComparison.Ordinal));
            await command.ExecuteNonQueryAsync(cancel);
            _created = true;
        }
        finally
        {
            _creating.Release();
        }
    }
}
