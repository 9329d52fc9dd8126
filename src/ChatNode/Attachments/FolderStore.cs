using ChatAi.ChatNode.Ai.Models;

namespace ChatAi.ChatNode.Attachments;

/// <summary>
/// Content-addressed files in a folder. A file gets its name when all of it is on the disk, so that a crash leaves no
/// half of one under a name.
/// </summary>
public sealed class FolderStore(string folder) : IAttachmentStore
{
    public Task PutAsync(ContentKey key, string file, CancellationToken cancel) =>
        Task.Run(
            () =>
            {
                var to = PathOf(key);
                if (File.Exists(to))
                    return;
                DurableFiles.CreateFolder(Path.GetDirectoryName(to)!);
                // Two that bring the same bytes at once: either file is right.
                DurableFiles.Move(file, to);
            },
            cancel
        );

    public Task<Stream?> OpenAsync(ContentKey key, long from, long length, CancellationToken cancel) =>
        Task.Run<Stream?>(
            () =>
            {
                try
                {
                    var file = new FileStream(
                        PathOf(key),
                        new FileStreamOptions
                        {
                            Mode = FileMode.Open,
                            Access = FileAccess.Read,
                            Share = FileShare.Read | FileShare.Delete,
                            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                        }
                    );
                    file.Position = from;
                    return new PartStream(file, length);
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    return null;
                }
            },
            cancel
        );

    public Task DeleteAsync(ContentKey key, CancellationToken cancel) =>
        Task.Run(
            () =>
            {
                try
                {
                    File.Delete(PathOf(key));
                }
                catch (DirectoryNotFoundException)
                {
                    // Then the file is not there either.
                }
            },
            cancel
        );

    private string PathOf(ContentKey key) => Path.Combine(folder, key.Path);
}
