namespace ChatAi.ChatNode.Projections;

/// <summary>The statements of what messages have of files: the reference moves from upload to message in one transaction.</summary>
internal static class AttachmentStatements
{
    public static void Execute(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.AddReference { Attachment: var a } r:
                session.Execute(
                    """
                    INSERT INTO attachments (chat_id, seq, id, sender_id, sha256, size) VALUES ($1, $2, $3, $4, $5, $6)
                    """,
                    r.Chat.ToString(),
                    r.Seq,
                    a.Id.ToString(),
                    r.Sender.ToString(),
                    a.Sha256,
                    a.Size
                );
                // The upload has made this row; after a restore the journal alone knows of the content.
                session.Execute(
                    "INSERT INTO contents (sha256, copy, size) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING",
                    a.Sha256,
                    a.Copy,
                    a.Size
                );
                session.Execute("DELETE FROM uploads WHERE id = $1", a.Id.ToString());
                break;
            case RowChange.DropReferences r:
                session.Execute("DELETE FROM attachments WHERE chat_id = $1 AND seq = $2", r.Chat.ToString(), r.Seq);
                foreach (var a in r.Attachments)
                    session.Execute(
                        "INSERT INTO loose_contents (sha256, by_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        a.Sha256,
                        a.Id.ToString()
                    );
                break;
        }
    }
}
