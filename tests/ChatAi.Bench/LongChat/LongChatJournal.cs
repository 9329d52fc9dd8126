using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;
using Microsoft.Data.Sqlite;

namespace ChatAi.Bench.LongChat;

/// <summary>Writes the journal of a chat as the server would have, only faster: the server must not run.</summary>
public static class LongChatJournal
{
    private static readonly string[] Words =
        "the a keys are under blue pot train leaves at nine from platform three did you see it yes no maybe later call me when home is where we said".Split(
            ' '
        );

    /// <summary>Appends messages of two people to a chat that exists.</summary>
    /// <param name="head">The number of the chat's newest event, which is also its newest journal entry.</param>
    public static void Append(string file, ChatId chat, IReadOnlyList<UserId> people, long head, int messages)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = """
            INSERT INTO journal
              (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES ($created, 0, $id, $number, $message, $manifest, $identifier, '00000000000000000000000000000000')
            """;
        var created = insert.Parameters.Add("$created", SqliteType.Integer);
        var number = insert.Parameters.Add("$number", SqliteType.Integer);
        var message = insert.Parameters.Add("$message", SqliteType.Blob);
        var manifest = insert.Parameters.Add("$manifest", SqliteType.Text);
        insert.Parameters.AddWithValue("$id", ShardNames.PersistenceId(chat));
        insert.Parameters.AddWithValue("$identifier", JournalSerializer.Id);
        insert.Prepare();

        var random = new Random(7);
        var at = EventTime.Of(TimeProvider.System.GetUtcNow()) - TimeSpan.FromSeconds(messages);
        for (var i = 0; i < messages; i++)
        {
            at += TimeSpan.FromSeconds(1);
            var sent = new ChatEvents.MessageSent(
                head + 1 + i,
                MessageId.New(at),
                people[random.Next(people.Count)],
                false,
                string.Join(' ', Enumerable.Range(0, 20).Select(_ => Words[random.Next(Words.Length)])),
                new ClientMessageId(Guid.CreateVersion7(at)),
                null,
                null,
                [],
                at
            );
            created.Value = at.UtcTicks;
            number.Value = sent.Seq;
            message.Value = JournalCodec.Current.ToBytes(sent);
            manifest.Value = JournalCodec.Current.ManifestOf(sent);
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    /// <summary>The newest snapshot's sequence number; 0 for none. Works while the server runs.</summary>
    public static long SnapshotAt(string file, ChatId chat)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = $id";
        query.Parameters.AddWithValue("$id", ShardNames.PersistenceId(chat));
        return query.ExecuteScalar() is long at ? at : 0;
    }
}
