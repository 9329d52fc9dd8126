namespace ChatAi.ChatNode.Attachments;

/// <summary>Names one stored copy of some bytes; a name that was deleted is never used again.</summary>
/// <param name="Sha256">Hex, lower case.</param>
/// <param name="Copy">Made of lower-case letters and digits.</param>
public readonly record struct ContentKey(string Sha256, string Copy)
{
    /// <summary>Folders of two digits each, so that none grows large.</summary>
    public string Path => $"{Sha256[..2]}/{Sha256[2..4]}/{Sha256}.{Copy}";
}

/// <summary>Where the bytes of attachments are: a folder or an S3 bucket. It knows of no user and no message.</summary>
/// <exception cref="IOException">The store does not answer or has no room; nothing is half there.</exception>
public interface IAttachmentStore
{
    /// <summary>Once done, the bytes are there for good. The same again changes nothing.</summary>
    /// <param name="file">Holds them; may be moved away.</param>
    Task PutAsync(ContentKey key, string file, CancellationToken cancel);

    /// <summary>Null where there is no such content.</summary>
    /// <param name="from">First byte.</param>
    /// <param name="length">As many bytes as the stream gives; must be there.</param>
    Task<Stream?> OpenAsync(ContentKey key, long from, long length, CancellationToken cancel);

    /// <summary>What is not there is gone already.</summary>
    Task DeleteAsync(ContentKey key, CancellationToken cancel);
}
