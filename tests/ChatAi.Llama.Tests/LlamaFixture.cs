using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Engine.Native;
using ChatAi.Testing.Models;

namespace ChatAi.Llama.Tests;

/// <summary>Tiny models in a folder of their own, and engines on them. Skips where the llama.cpp libraries are absent.</summary>
public sealed class LlamaFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chatai-llama-").FullName;

    public string Model(int seed = 1, string? template = TinyModel.ChatMl)
    {
        var path = Path.Combine(_folder, $"tiny-{seed}-{template?.Length ?? 0}.gguf");
        if (!File.Exists(path))
        {
            TinyModel.Write(path, seed, template);
        }

        return path;
    }

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>The tiny model, open in the engine that this build has.</summary>
    public IInferenceEngine Open(int sequences = 1, int context = 512, int batch = 256, string? model = null)
    {
        var options = new LlamaEngineOptions
        {
            ModelPath = model ?? Model(),
            Sequences = sequences,
            ContextTokens = context,
            BatchTokens = batch,
        };
#if LLAMASHARP
        var engine = LlamaEngines.TryOpen(options, out var reason);
        Skip.If(engine is null, reason ?? "");
        return engine!;
#else
        SkipWithoutLibraries();
        return new LlamaEngine(options);
#endif
    }

    public static void SkipWithoutLibraries()
    {
        Skip.IfNot(Directory.Exists(LlamaLibrary.DefaultFolder), "The build installed no llama.cpp libraries (npm)");
        // Libraries that are there and refused are a failure.
        Assert.True(LlamaEngines.Available(out var reason), reason);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
