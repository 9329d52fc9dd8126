using System.Security.Cryptography;

namespace ChatAi.ChatNode.Gateway;

/// <summary>Names one history of the journal: after a restored backup it is another, and clients start afresh.</summary>
public interface IEpoch
{
    string Value { get; }
}

public static class Epochs
{
    public static string New() => "e" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
}

/// <summary>Made once and kept beside the embedded database, as the file <c>epoch</c>. Deleting it starts a new epoch.</summary>
public sealed class FileEpoch(string dataDir) : IEpoch
{
    private readonly Lazy<string> _value = new(() => Load(dataDir));

    public string Value => _value.Value;

    /// <summary>Begins a new epoch; a node that runs knows it after its next start.</summary>
    public static string Renew(string dataDir)
    {
        Directory.CreateDirectory(dataDir);
        var path = PathOf(dataDir);
        var made = Epochs.New();
        // Renamed into place, so that a crash leaves no empty file behind.
        var temporary = path + ".new";
        File.WriteAllText(temporary, made + "\n");
        File.Move(temporary, path, overwrite: true);
        return made;
    }

    private static string Load(string dataDir) =>
        File.Exists(PathOf(dataDir)) && File.ReadAllText(PathOf(dataDir)).Trim() is { Length: > 0 } kept
            ? kept
            : Renew(dataDir);

    private static string PathOf(string dataDir) => Path.Combine(dataDir, "epoch");
}
