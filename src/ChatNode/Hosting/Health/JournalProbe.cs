using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>Reads the journal's database for real, on a connection that no load can take away.</summary>
public sealed class JournalProbe(Func<DbConnection> connect, string sql)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static JournalProbe Of(ChatAiOptions options, string? connectionString)
    {
        if (options.Database == "postgres")
        {
            var own = new NpgsqlConnectionStringBuilder(connectionString)
            {
                ApplicationName = "chatai health",
                MaxPoolSize = 2,
                MinPoolSize = 0,
                Timeout = (int)Patience.TotalSeconds,
                CommandTimeout = (int)Patience.TotalSeconds,
            }.ToString();
            // A standby, or a database set to read only, would take no message.
            return new JournalProbe(
                () => new NpgsqlConnection(own),
                "SELECT EXISTS (SELECT 1 FROM journal), current_setting('transaction_read_only')"
            );
        }
        var file = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(options.DataDir, JournalHosting.SqliteFile),
            Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
        return new JournalProbe(() => new SqliteConnection(file), "SELECT EXISTS (SELECT 1 FROM journal), 'off'");
    }

    /// <summary>Null when the journal can be used; else what is wrong, for an operator.</summary>
    public async Task<string?> TroubleAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        // A server that has stopped does not notice a cancellation either.
        return await Task.Run(() => ReadAsync(late.Token), CancellationToken.None)
            .WaitAsync(Patience + Patience, CancellationToken.None);
    }

    private async Task<string?> ReadAsync(CancellationToken cancel)
    {
        await using var connection = connect();
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetString(1) == "on" ? "The journal's database can only be read." : null;
    }
}
