namespace ChatAi.Testing.Models;

/// <summary>Finds real model files beside the repository; they are no part of it.</summary>
public static class SharedModels
{
    public const string Chat = "SmolLM2-135M-Instruct.Q4_1.gguf";
    public const string Stories = "stories260K.gguf";

    /// <summary>The path of the nearest <c>shared/models/NAME</c> at or above the running program, or null.</summary>
    public static string? Find(string name)
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
        {
            var file = Path.Combine(dir.FullName, "shared", "models", name);
            if (File.Exists(file))
                return file;
        }
        return null;
    }
}
