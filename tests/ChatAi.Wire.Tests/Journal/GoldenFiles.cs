using System.Runtime.CompilerServices;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>
/// Recorded bytes, as lines of hex. With <c>CHATAI_WRITE_GOLDEN=1</c> a missing file is written beside the sources; one
/// that exists is never overwritten, since journals with those bytes exist.
/// </summary>
internal static class GoldenFiles
{
    private const int LineLength = 64;
    private const string WriteSwitch = "CHATAI_WRITE_GOLDEN";

    public static byte[] Read(string name) =>
        Convert.FromHexString(File.ReadAllText(PathOf(name)).ReplaceLineEndings(""));

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder, "*.hex").Select(path => Path.GetFileNameWithoutExtension(path));

    public static byte[] ReadOrWrite(string name, byte[] bytes)
    {
        if (!File.Exists(PathOf(name)) && Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            var lines = Convert.ToHexStringLower(bytes).Chunk(LineLength).Select(line => new string(line) + "\n");
            File.WriteAllText(Path.Combine(SourceFolder(), name + ".hex"), string.Concat(lines));
            return bytes;
        }
        Assert.True(File.Exists(PathOf(name)), $"Golden/{name}.hex is missing; {WriteSwitch}=1 writes it.");
        return Read(name);
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    private static string PathOf(string name) => Path.Combine(Folder, name + ".hex");

    private static string SourceFolder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden");
}
