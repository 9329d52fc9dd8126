using System.Data.Common;
using Npgsql;

namespace ChatAi.ChatNode.Hosting;

/// <summary>
/// How this service talks to PostgreSQL where the connection string says nothing else: statements are prepared once a
/// connection, and a connection goes back to its pool without a <c>DISCARD ALL</c>, since nothing here leaves state
/// behind on one. A pooler between (PgBouncer in transaction mode) may need <c>Max Auto Prepare=0</c>.
/// </summary>
public static class PostgresConnections
{
    private static readonly (string Key, object Value)[] Defaults =
    [
        ("Max Auto Prepare", 200),
        ("Auto Prepare Min Usages", 2),
        ("No Reset On Close", true),
        ("Application Name", "chatai"),
        // A server that went away without a word is found out by the first of these that applies.
        ("Timeout", 5),
        ("Keepalive", 10),
        // A node that stands still in the middle of a write must not hold its entity's rows from the node that takes over.
        ("Options", "-c idle_in_transaction_session_timeout=5000"),
    ];

    public static string WithDefaults(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var all = new NpgsqlConnectionStringBuilder(connectionString);
        foreach (var (key, value) in Defaults)
            if (!given.ContainsKey(key))
                all[key] = value;
        return all.ConnectionString;
    }
}
