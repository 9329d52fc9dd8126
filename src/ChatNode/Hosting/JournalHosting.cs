using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ChatAi.ChatNode.Journal;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Hosting;

/// <summary>The journal's database: <c>journal.db</c> in the data folder, or PostgreSQL.</summary>
public static class JournalHosting
{
    public const string SqliteFile = "journal.db";

    public static AkkaConfigurationBuilder WithJournal(
        this AkkaConfigurationBuilder akka,
        ChatAiOptions options,
        string? connectionString
    )
    {
        if (options.Database == "postgres")
            akka.AddHocon(
                Plugins("PostgreSQL.15", PostgresConnections.WithDefaults(connectionString!), parallelism: 2),
                HoconAddMode.Prepend
            );
        else
        {
            var sqlite = SqliteConnectionString(options.DataDir);
            SwitchToWriteAheadLog(sqlite);
            akka.AddHocon(Plugins(ProviderName.SQLiteMS, sqlite, parallelism: 1), HoconAddMode.Prepend);
            akka.AddSetup(new DataOptionsSetup(SqliteOptions(sqlite)));
        }
        akka.AddHocon(
            $"akka.persistence.journal.sql.class = \"{typeof(GroupCommitJournal).AssemblyQualifiedName}\"",
            HoconAddMode.Prepend
        );
        return akka.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    /// <summary>Starts the plugins, which make their tables, before the first entity needs them.</summary>
    public static void Begin(ActorSystem system)
    {
        var persistence = Persistence.Instance.Apply(system);
        persistence.JournalFor("");
        persistence.SnapshotStoreFor("");
    }

    public static string SqliteConnectionString(string dataDir) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDir, SqliteFile) }.ToString();

    private static Config Plugins(string provider, string connectionString, int parallelism)
    {
        var quoted = connectionString
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        var database = $"provider-name = \"{provider}\", connection-string = \"{quoted}\"";
        return ConfigurationFactory.ParseString(
            $$"""
            akka.persistence {
              journal.sql { {{database}}, parallelism = {{parallelism}} }
              snapshot-store.sql { {{database}} }
            }
            """
        );
    }

    // ADO.NET for SQLite is synchronous: without the yield the plugin's actors would be busy reading.
    private static DataOptions SqliteOptions(string connectionString) =>
        new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, connectionString)
            .UseAfterConnectionOpened(
                SetPragmas,
                async (connection, _) =>
                {
                    await Task.Yield();
                    SetPragmas(connection);
                }
            );

    // FULL: an acknowledged message survives a power cut.
    internal static void SetPragmas(System.Data.Common.DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA secure_delete=ON;";
        command.ExecuteNonQuery();
    }

    private static void SwitchToWriteAheadLog(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;";
        command.ExecuteNonQuery();
    }
}
