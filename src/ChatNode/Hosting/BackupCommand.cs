using ChatAi.ChatNode.Attachments;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Hosting;

/// <summary>
/// <c>ChatNode backup FOLDER</c>: copies the journal as it is at one moment, the secrets and the attachments, while the service runs. For
/// the embedded database; PostgreSQL has its own tools.
/// </summary>
public static class BackupCommand
{
    private const string Secrets = "secrets";

    public static async Task<int> RunAsync(ChatAiOptions options, IReadOnlyList<string> words)
    {
        if (words is not [var folder])
            throw new ConfigurationException("Usage: ChatNode backup FOLDER");
        if (options.Database == "postgres")
            throw new ConfigurationException("On PostgreSQL use pg_dump or pg_basebackup: docs/operations.md.");
        var journal = Path.Combine(options.DataDir, JournalHosting.SqliteFile);
        if (!File.Exists(journal))
            throw new ConfigurationException($"There is no journal in {options.DataDir}.");
        var copy = Path.Combine(Directory.CreateDirectory(folder).FullName, JournalHosting.SqliteFile);
        if (File.Exists(copy))
            throw new ConfigurationException($"{copy} is there already.");
        await CopyAsync(options.DataDir, copy);
        CopySecrets(Path.Combine(options.DataDir, Secrets), Path.Combine(folder, Secrets));
        // After the journal: what goes in between belonged to messages that went.
        if (options.Attachments.Store == "folder")
            AttachmentFolder.Copy(
                AttachmentHosting.FolderOf(options),
                Path.Combine(folder, AttachmentHosting.DefaultFolder)
            );
        await Console.Out.WriteLineAsync($"{copy} holds the journal, {new FileInfo(copy).Length:#,0} bytes.");
        return 0;
    }

    // Reads one snapshot, without holding up who writes, and leaves a file without a log beside it.
    private static async Task CopyAsync(string dataDir, string copy)
    {
        await using var connection = new SqliteConnection(JournalHosting.SqliteConnectionString(dataDir));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync();
    }

    private static void CopySecrets(string from, string to)
    {
        if (!Directory.Exists(from))
            return;
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            var copy = Path.Combine(to, Path.GetFileName(file));
            File.Copy(file, copy, overwrite: true);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(copy, File.GetUnixFileMode(file));
        }
    }
}
