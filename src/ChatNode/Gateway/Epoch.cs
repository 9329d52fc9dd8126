using System.Security.Cryptography;

namespace ChatAi.ChatNode.Gateway;

/// <summary>Names one history of the journal: after a restored backup it is another, and clients start afresh.</summary>
public interface IEpoch
{
    string Value { get; }
}

/// <summary>Made once and kept beside the embedded database, as the file <c>epoch</c>. Deleting it starts a new epoch.</summary>
public sealed class FileEpoch(string dataDir) : IEpoch
{
    private readonly Lazy<string> _value = new(() => Load(dataDir));

    public string Value => _value.Value;

    private static string Load(string dataDir)
    {
        Directory.CreateDirectory(dataDir);
        var path = Path.Combine(dataDir, "epoch");
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
            return kept;
        var made = "e" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        // Renamed into place, so that a crash leaves no empty file behind.
        var temporary = path + ".new";
        File.WriteAllText(temporary, made + "\n");
        File.Move(temporary, path, overwrite: true);
        return made;
    }
}
