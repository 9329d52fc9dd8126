namespace ChatAi.Shared.Domain.Chats;

/// <summary>A file of a message: what its readers are told, and where its bytes are.</summary>
/// <param name="Sha256">Hash of the bytes, hex in lower case.</param>
/// <param name="Copy">
/// Which stored copy of these bytes: one that was once deleted never comes back under its name, so that a late deletion
/// hits nobody. Not sent to clients.
/// </param>
/// <param name="Size">Bytes.</param>
/// <param name="Type">Media type, without parameters.</param>
/// <param name="Name">Cleaned (<see cref="Attachments.FileName"/>).</param>
/// <param name="Width">Pixels, of an image; null otherwise.</param>
/// <param name="Height">As <paramref name="Width"/>.</param>
public sealed record Attachment(
    AttachmentId Id,
    string Sha256,
    string Copy,
    long Size,
    string Type,
    string Name,
    int? Width = null,
    int? Height = null
)
{
    /// <summary>How much of a list's or a memory's bound it takes, in UTF-16 units.</summary>
    public int Chars => 200 + Type.Length + Name.Length;

    /// <summary>The words of a message as the assistant reads them: of a file it is told name and type, no more.</summary>
    public static string Transcript(string text, IReadOnlyList<Attachment> attachments)
    {
        if (attachments.Count == 0)
            return text;
        var files = string.Join(' ', attachments.Select(a => $"[file: {a.Name}, {a.Type}]"));
        return text.Length == 0 ? files : $"{text}\n{files}";
    }
}
