using System.Data.Common;
using ChatAi.ChatNode.ReadModel.Search;
using LinqToDB;
using LinqToDB.Mapping;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>What differs between the two databases; everything else is one text for both.</summary>
public abstract class ReadDialect
{
    public static readonly ReadDialect Sqlite = new SqliteDialect();
    public static readonly ReadDialect Postgres = new PostgresDialect();

    public abstract string ProviderName { get; }

    /// <summary>How rows map, beside the attributes.</summary>
    public abstract MappingSchema Mapping { get; }

    /// <summary>Ends the statement that takes the offset's row for the rest of a transaction.</summary>
    public abstract string ForUpdate { get; }

    public abstract DbConnection Connect(string connectionString);

    /// <summary>The statement with its <c>{words}</c> filled in.</summary>
    public abstract string Expand(string sql);

    /// <summary>A value as the driver wants it.</summary>
    public abstract object Parameter(object? value);

    public abstract DateTimeOffset TimeOf(DbDataReader reader, int column);

    private sealed class SqliteDialect : ReadDialect
    {
        public override string ProviderName => LinqToDB.ProviderName.SQLiteMS;
        public override MappingSchema Mapping { get; } = CreateMapping();
        public override string ForUpdate => "";

        public override DbConnection Connect(string connectionString) => new SqliteConnection(connectionString);

        public override string Expand(string sql) =>
            sql.Replace("{search}", SearchTables.Sqlite.Tables)
                .Replace("{search_indexes}", SearchTables.Sqlite.Indexes)
                .Replace("{id}", "text")
                .Replace("{time}", "text")
                .Replace("{bytes}", "blob")
                .Replace("{clustered}", " WITHOUT ROWID")
                .Replace("{partitioned}", "")
                .Replace("{partitions}", "");

        public override object Parameter(object? value) =>
            value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => RowValues.TimeToText(time),
                _ => value,
            };

        public override DateTimeOffset TimeOf(DbDataReader reader, int column) =>
            RowValues.TimeOf(reader.GetString(column));

        // SQLite has no type for times: text of a fixed width, which people can read and "<" compares rightly.
        private static MappingSchema CreateMapping()
        {
            var schema = new MappingSchema("ChatAi.Sqlite");
            var builder = new FluentMappingBuilder(schema);
            Time<UserRow>(builder, r => r.LastActiveAt);
            Time<ChatRow>(builder, r => r.CreatedAt);
            Time<ChatRow>(builder, r => r.LastMessageAt);
            Time<MemberRow>(builder, r => r.LastMessageAt);
            Time<MessageRow>(builder, r => r.CreatedAt);
            Time<MessageRow>(builder, r => r.EditedAt);
            Time<RunRow>(builder, r => r.RequestedAt);
            Time<RunRow>(builder, r => r.EndedAt);
            Time<SummaryRow>(builder, r => r.UpdatedAt);
            Time<BlockRow>(builder, r => r.CreatedAt);
            builder.Build();
            return schema;
        }

        private static void Time<TRow>(
            FluentMappingBuilder builder,
            System.Linq.Expressions.Expression<Func<TRow, DateTimeOffset>> column
        ) =>
            builder
                .Entity<TRow>()
                .Property(column)
                .HasDataType(DataType.NVarChar)
                .HasConversion(time => RowValues.TimeToText(time), text => RowValues.TimeOf(text));

        private static void Time<TRow>(
            FluentMappingBuilder builder,
            System.Linq.Expressions.Expression<Func<TRow, DateTimeOffset?>> column
        ) =>
            builder
                .Entity<TRow>()
                .Property(column)
                .HasDataType(DataType.NVarChar)
                .HasConversion(
                    time => time == null ? null : RowValues.TimeToText(time.Value),
                    text => text == null ? null : RowValues.TimeOf(text),
                    true
                );
    }

    private sealed class PostgresDialect : ReadDialect
    {
        public override string ProviderName => LinqToDB.ProviderName.PostgreSQL15;
        public override MappingSchema Mapping { get; } = new("ChatAi.Postgres");
        public override string ForUpdate => " FOR UPDATE";

        public override DbConnection Connect(string connectionString) => new NpgsqlConnection(connectionString);

        public override string Expand(string sql) =>
            sql.Replace("{search}", SearchTables.Postgres.Tables)
                .Replace("{search_indexes}", SearchTables.Postgres.Indexes)
                .Replace("{id}", "text COLLATE \"C\"")
                .Replace("{time}", "timestamptz")
                .Replace("{bytes}", "bytea")
                .Replace("{clustered}", "")
                .Replace("{partitioned}", " PARTITION BY HASH (chat_id)")
                .Replace("{partitions}", string.Join('\n', Enumerable.Range(0, Schema.Partitions).Select(Partition)));

        public override object Parameter(object? value) => value ?? DBNull.Value;

        public override DateTimeOffset TimeOf(DbDataReader reader, int column) =>
            reader.GetFieldValue<DateTimeOffset>(column);

        private static string Partition(int number) =>
            $"CREATE TABLE messages_{number:00} PARTITION OF messages "
            + $"FOR VALUES WITH (MODULUS {Schema.Partitions}, REMAINDER {number});";
    }
}
