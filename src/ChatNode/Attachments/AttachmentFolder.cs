using System.Globalization;

namespace ChatAi.ChatNode.Attachments;

/// <summary>The folder of attachments on this machine: files of the store where it is a folder, and those on their way in.</summary>
public sealed class AttachmentFolder
{
    private const string Incoming = "incoming";
    private static readonly TimeSpan LeftOver = TimeSpan.FromHours(24);

    private readonly TimeProvider _time;

    public AttachmentFolder(string path, TimeProvider time)
    {
        _time = time;
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(IncomingPath);
    }

    public string Path { get; }

    /// <summary>On the same disk as the store's files, so that a file takes its place by its name alone.</summary>
    private string IncomingPath => System.IO.Path.Combine(Path, Incoming);

    /// <summary>Copies what is stored, while it is in use: files are whole under their names, and may go.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
            return;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = System.IO.Path.GetRelativePath(from, file);
            if (name.StartsWith(Incoming, StringComparison.Ordinal))
                continue;
            var copy = System.IO.Path.Combine(to, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            try
            {
                File.Copy(file, copy, overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Swept meanwhile.
            }
        }
    }

    public string NewFile() =>
        System.IO.Path.Combine(
            IncomingPath,
            Guid.CreateVersion7(_time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)
        );

    public long FreeBytes() => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>What a crash left half received.</summary>
    public int RemoveLeftOver()
    {
        var before = _time.GetUtcNow().UtcDateTime - LeftOver;
        var removed = 0;
        foreach (var file in Directory.EnumerateFiles(IncomingPath))
            if (File.GetLastWriteTimeUtc(file) < before)
            {
                File.Delete(file);
                removed++;
            }
        return removed;
    }
}
