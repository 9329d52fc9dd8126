using System.Data.Common;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>Where the read tables are.</summary>
/// <param name="Slices">In how many parts the journal is projected; equal on every node.</param>
public sealed record ReadStoreOptions(ReadDialect Dialect, string ConnectionString, int Slices = 1)
{
    /// <param name="file">Made when there is none.</param>
    public static ReadStoreOptions Sqlite(string file) =>
        new(ReadDialect.Sqlite, new SqliteConnectionStringBuilder { DataSource = file, Pooling = true }.ToString());

    public static ReadStoreOptions Postgres(string connectionString, int slices = 1) =>
        new(ReadDialect.Postgres, connectionString, slices);
}

/// <summary>The read tables as linq2db sees them.</summary>
public sealed class ReadDb(DataOptions options) : DataConnection(options)
{
    public ITable<UserRow> Users => this.GetTable<UserRow>();
    public ITable<ChatRow> Chats => this.GetTable<ChatRow>();
    public ITable<MemberRow> Members => this.GetTable<MemberRow>();
    public ITable<MessageRow> Messages => this.GetTable<MessageRow>();
    public ITable<EventRow> Events => this.GetTable<EventRow>();
    public ITable<RunRow> Runs => this.GetTable<RunRow>();
    public ITable<SummaryRow> Summaries => this.GetTable<SummaryRow>();
    public ITable<BlockRow> Blocks => this.GetTable<BlockRow>();
    public ITable<OffsetRow> Offsets => this.GetTable<OffsetRow>();
}

/// <summary>
/// Opens connections to the read tables. SQLite's driver blocks its thread, so all work goes through
/// <see cref="RunAsync{T}"/>: a bounded number at a time, and never on a dispatcher of actors.
/// </summary>
public sealed class ReadStore : IDisposable
{
    private readonly DataOptions _options;
    private readonly SemaphoreSlim _admitted;
    private readonly Lock _lock = new();
    private Task? _migrated;

    /// <param name="onCommand">Sees every query before it runs.</param>
    public ReadStore(ReadStoreOptions options, Action<DbCommand>? onCommand = null)
    {
        Options = options;
        var isSqlite = options.Dialect == ReadDialect.Sqlite;
        _admitted = new SemaphoreSlim(isSqlite ? Math.Max(2, Environment.ProcessorCount) : 16);
        _options = new DataOptions()
            .UseConnectionString(options.Dialect.ProviderName, options.ConnectionString)
            .UseMappingSchema(options.Dialect.Mapping);
        if (isSqlite)
            _options = _options.UseInterceptor(new SqlitePragmas());
        if (onCommand is not null)
            _options = _options.UseInterceptor(new Observer(onCommand));
    }

    public ReadStoreOptions Options { get; }
    public ReadDialect Dialect => Options.Dialect;

    /// <summary>Runs a query on a connection of its own.</summary>
    /// <exception cref="TimeoutException">The database does not answer for now.</exception>
    public async Task<T> RunAsync<T>(Func<ReadDb, CancellationToken, Task<T>> query, CancellationToken cancel)
    {
        try
        {
            return await RunOnceAsync(query, cancel);
        }
        catch (DbException gone) when (gone.IsTransient)
        {
            throw new TimeoutException("The database of the read tables does not answer.", gone);
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<ReadDb, CancellationToken, Task<T>> query, CancellationToken cancel)
    {
        await MigratedAsync().WaitAsync(cancel);
        await _admitted.WaitAsync(cancel);
        try
        {
            return await Task.Run(
                async () =>
                {
                    await using var db = new ReadDb(_options);
                    return await query(db, cancel);
                },
                cancel
            );
        }
        finally
        {
            _admitted.Release();
        }
    }

    /// <summary>Done when the schema is up to date; whoever comes first brings it there.</summary>
    public Task MigratedAsync()
    {
        lock (_lock)
        {
            if (_migrated is null or { IsFaulted: true } or { IsCanceled: true })
                _migrated = Task.Run(() => Migrator.MigrateAsync(this, CancellationToken.None));
            return _migrated;
        }
    }

    /// <summary>For a rebuild, which makes the schema itself.</summary>
    public void TakeSchemaAsItIs()
    {
        lock (_lock)
            _migrated = Task.CompletedTask;
    }

    /// <summary>A plain open connection, for the writer and for migrations.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = Dialect.Connect(Options.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            if (connection is SqliteConnection sqlite)
                SqlitePragmas.Apply(sqlite);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _admitted.Dispose();

    /// <summary>
    /// <c>synchronous=NORMAL</c>: after a power cut the newest transactions may be gone, rows and offset together, and
    /// the projection makes them again from the journal.
    /// </summary>
    private sealed class SqlitePragmas : ConnectionInterceptor
    {
        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) =>
            Apply(connection);

        public override Task ConnectionOpenedAsync(
            ConnectionEventData eventData,
            DbConnection connection,
            CancellationToken cancellationToken
        )
        {
            Apply(connection);
            return Task.CompletedTask;
        }

        public static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;";
            command.ExecuteNonQuery();
        }
    }

    private sealed class Observer(Action<DbCommand> onCommand) : CommandInterceptor
    {
        public override DbCommand CommandInitialized(CommandEventData eventData, DbCommand command)
        {
            onCommand(command);
            return command;
        }
    }
}
