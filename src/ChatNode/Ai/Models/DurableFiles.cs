using System.Runtime.InteropServices;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary>A file that has its name has its bytes, whatever happens to the machine.</summary>
internal static partial class DurableFiles
{
    private const int OutOfSpace = 28;
    private const int OverQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Renames within a folder, after the bytes are on the disk; the folder's entry follows.</summary>
    public static void Move(string from, string to)
    {
        using (var handle = File.OpenHandle(from, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(handle);
        File.Move(from, to, overwrite: true);
        if (!OperatingSystem.IsWindows())
            SyncFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Makes a folder and those above it; their entries are on the disk, too.</summary>
    public static void CreateFolder(string path)
    {
        var folder = Path.GetFullPath(path);
        if (Directory.Exists(folder))
            return;
        var above = Path.GetDirectoryName(folder);
        if (above is not null)
            CreateFolder(above);
        Directory.CreateDirectory(folder);
        if (above is not null && !OperatingSystem.IsWindows())
            SyncFolder(above);
    }

    public static bool IsDiskFull(IOException wrong) => wrong.HResult is OutOfSpace or OverQuota or WindowsDiskFull;

    private static void SyncFolder(string folder)
    {
        var handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
