using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>Opens the local engine, or says in one line why there is none.</summary>
public static class LlamaEngines
{
    /// <summary>Whether the libraries are there and are the right ones, without a model.</summary>
    public static bool Available(out string? reason, string? libraryFolder = null)
    {
        try
        {
            LlamaLibrary.Load(libraryFolder);
            reason = null;
            return true;
        }
        catch (EngineUnavailableException e)
        {
            reason = e.Message;
            return false;
        }
    }

    /// <exception cref="EngineUnavailableException">As <see cref="TryOpen"/> says it.</exception>
    public static IInferenceEngine Open(LlamaEngineOptions options) =>
#if LLAMASHARP
        new LLamaSharp.LLamaSharpEngine(options);
#else
        new LlamaEngine(options);
#endif

    /// <returns>The engine, or null and the reason.</returns>
    public static IInferenceEngine? TryOpen(LlamaEngineOptions options, out string? reason)
    {
        try
        {
            reason = null;
            return Open(options);
        }
        catch (EngineUnavailableException e)
        {
            reason = e.Message;
            return null;
        }
    }
}
