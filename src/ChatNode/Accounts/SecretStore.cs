using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ChatAi.ChatNode.Accounts;

/// <summary>Random secrets below <c>DataDir/secrets</c>: made at the first use, readable by the owner only.</summary>
public sealed partial class SecretStore(string dataDir)
{
    public const int SecretBytes = 32;

    private readonly string _folder = Path.Combine(dataDir, "secrets");

    /// <summary>The secret of that name; two processes that make it at once get the same one.</summary>
    /// <exception cref="InvalidDataException">The file is not a secret of this store.</exception>
    public byte[] GetOrCreate(string name)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
            Create(path);
        var secret = new byte[SecretBytes];
        var text = File.ReadAllText(path).Trim();
        if (!Convert.TryFromBase64String(text, secret, out var length) || length != SecretBytes)
            throw new InvalidDataException($"{path} does not hold a secret of {SecretBytes} bytes as Base64.");
        return secret;
    }

    private void Create(string path)
    {
        CreateFolder();
        // Written whole beside its place, under a name that nobody else writes to, and then moved there: a reader never
        // sees half a secret.
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(16)}";
        using (var file = OpenOwnersFile(draft))
            file.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
        try
        {
            Publish(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Gives the draft its name, unless another was faster: exactly one of many drafts gets it.</summary>
    // File.Move looks and then renames outside Windows, so that of two at once the later would replace the earlier's
    // secret after it was read; a link either takes the name or fails.
    private static void Publish(string draft, string path)
    {
        if (!OperatingSystem.IsWindows() && Link(draft, path) == 0)
            return;
        if (File.Exists(path))
            return;
        try
        {
            // Windows, or a file system without links.
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path)) { }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string added);

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(
                _folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    private static StreamWriter OpenOwnersFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new StreamWriter(path, options);
    }
}
