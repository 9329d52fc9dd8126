namespace ChatAi.ChatNode.Ai.Models;

/// <summary>
/// The bytes that have come so far (<c>NAME.part</c>) and the server's mark of the version they belong to
/// (<c>NAME.part.from</c>: the address and the validator). Without both nothing is resumed.
/// </summary>
internal sealed class DownloadPart : IAsyncDisposable
{
    private readonly string _notes;
    private readonly Uri _url;
    private readonly FileStream _file;

    private DownloadPart(string path, Uri url, FileStream file)
    {
        Path = path;
        _url = url;
        _notes = NotesOf(path);
        _file = file;
    }

    public string Path { get; }

    public long Length => _file.Length;

    /// <summary>A strong ETag or a date, to be sent as If-Range.</summary>
    public string? Validator { get; private set; }

    /// <exception cref="ModelException">Another process has it open.</exception>
    public static DownloadPart Open(string path, Uri url)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException busy) when (File.Exists(path))
        {
            throw new ModelException(ModelExit.Exists, $"{path} is in use: {busy.Message}");
        }
        var part = new DownloadPart(path, url, file);
        if (File.Exists(part._notes) && File.ReadAllLines(part._notes) is [var from, var validator, ..])
            part.Validator = from == url.AbsoluteUri && validator.Length > 0 ? validator : null;
        if (part.Validator is null && file.Length > 0)
            part.StartAnew(null);
        return part;
    }

    /// <summary>Removes what a fetch has left of this part.</summary>
    public static void Remove(string path)
    {
        File.Delete(path);
        File.Delete(NotesOf(path));
    }

    /// <summary>Drops what has come; what comes now is of this version.</summary>
    public void StartAnew(string? validator)
    {
        // The notes go first: bytes never stand beside the mark of another version.
        File.Delete(_notes);
        _file.SetLength(0);
        _file.Position = 0;
        Validator = validator;
        if (validator is not null)
            File.WriteAllLines(_notes, [_url.AbsoluteUri, validator]);
    }

    public void GoOn() => _file.Position = _file.Length;

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes) => await _file.WriteAsync(bytes);

    /// <summary>The first bytes, as far as they are there.</summary>
    public byte[] Beginning(int count)
    {
        var bytes = new byte[Math.Min(count, _file.Length)];
        RandomAccess.Read(_file.SafeFileHandle, bytes, 0);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        var empty = _file.Length == 0;
        if (!empty)
            _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        if (empty)
            Remove(Path);
    }

    private static string NotesOf(string path) => $"{path}.from";
}
