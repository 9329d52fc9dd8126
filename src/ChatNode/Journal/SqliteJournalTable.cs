using ChatAi.ChatNode.Hosting;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Journal;

/// <summary>One prepared statement a row, one transaction a group. SQLite's calls block: not for an actor's thread.</summary>
public sealed class SqliteJournalTable(string connectionString, TimeProvider time) : IJournalTable
{
    private const int Constraint = 19;

    private const string Insert = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES ($created, 0, $id, $nr, $message, $manifest, $serializer, $writer)
        """;

    private SqliteConnection? _connection;
    private SqliteCommand? _insert;

    public Task InsertAsync(IReadOnlyList<JournalWrite> group)
    {
        try
        {
            Store(group);
            return Task.CompletedTask;
        }
        catch (SqliteException refused) when (refused.SqliteErrorCode == Constraint)
        {
            var first = group[0].Rows[0];
            return Task.FromException(new WriteRefusedException(first.PersistenceId, first.SequenceNr, refused));
        }
        catch (Exception e)
        {
            // Whatever state the connection is in, the next group starts with a new one.
            Close();
            return Task.FromException(e);
        }
    }

    private void Store(IReadOnlyList<JournalWrite> group)
    {
        _insert ??= Prepare();
        using var transaction = _connection!.BeginTransaction(deferred: false);
        _insert.Transaction = transaction;
        var values = _insert.Parameters;
        values[0].Value = time.GetUtcNow().UtcTicks;
        foreach (var row in group.SelectMany(write => write.Rows))
        {
            values[1].Value = row.PersistenceId;
            values[2].Value = row.SequenceNr;
            values[3].Value = row.Payload;
            values[4].Value = row.Manifest;
            values[5].Value = row.Serializer;
            values[6].Value = row.Writer;
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        _insert?.Dispose();
        _connection?.Dispose();
        (_insert, _connection) = (null, null);
    }

    private SqliteCommand Prepare()
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        JournalHosting.SetPragmas(_connection);
        var insert = _connection.CreateCommand();
        insert.CommandText = Insert;
        foreach (var name in new[] { "$created", "$id", "$nr", "$message", "$manifest", "$serializer", "$writer" })
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        return insert;
    }
}
