using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary>A model file with its head, which was read and is in order.</summary>
public sealed record ModelFile(string Path, GgufHeader Header, long Bytes)
{
    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>The model to be used, or why there is none.</summary>
/// <param name="Reason">One line for the operator, in both cases.</param>
public sealed record ModelChoice(ModelFile? File, string Reason);

/// <summary>The folder of model files. A file copied into it by hand is as good as a fetched one.</summary>
public static class ModelFolder
{
    public const string Extension = ".gguf";

    /// <summary><c>Ai:ModelPath</c> where that is a folder, else <c>DataDir/models</c>.</summary>
    public static string Of(ChatAiOptions options) =>
        options.Ai.ModelPath is { Length: > 0 } path && !path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
            ? path
            : Path.Combine(options.DataDir, "models");

    /// <summary>The files' paths, newest first.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder)
                    .Where(f => f.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
                    .OrderByDescending(File.GetLastWriteTimeUtc)
                    .ThenBy(f => f, StringComparer.Ordinal),
            ]
            : [];
}

/// <summary>Finds the model that is to be used.</summary>
public static class ModelLocator
{
    /// <summary>The file <c>Ai:ModelPath</c>, else of the folder the newest that can chat: one with a chat template first.</summary>
    public static ModelChoice Find(ChatAiOptions options)
    {
        if (options.Ai.ModelPath is { Length: > 0 } path && !Directory.Exists(path))
            return Look(path) is { File: not null } found ? found : new ModelChoice(null, ReasonOf(path));
        var folder = ModelFolder.Of(options);
        var looks = ModelFolder.Files(folder).Select(Look).ToList();
        var usable = looks.Where(l => l.File is not null).ToList();
        var best = usable.Find(l => l.File!.Header.HasChatTemplate) ?? usable.FirstOrDefault();
        if (best is not null)
            return best;
        var problem = looks.Count > 0 ? looks[^1].Reason : $"no {ModelFolder.Extension} file in {folder}";
        return new ModelChoice(null, problem);
    }

    private static string ReasonOf(string path) => File.Exists(path) ? Look(path).Reason : $"there is no {path}";

    private static ModelChoice Look(string path)
    {
        try
        {
            var header = GgufReader.ReadFile(path);
            if (header.WhyNotChat is { } unfit)
                return new ModelChoice(null, $"{path}: {unfit}");
            var model = new ModelFile(path, header, new FileInfo(path).Length);
            return new ModelChoice(model, $"{path} ({header.ParametersText} parameters, {header.Quantisation})");
        }
        catch (GgufException wrong)
        {
            return new ModelChoice(null, $"{path}: {wrong.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ModelChoice(null, $"{path}: {unreadable.Message}");
        }
    }
}
