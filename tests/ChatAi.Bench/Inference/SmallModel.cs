using ChatAi.ChatNode.Ai.Engine.Native;
using ChatAi.Testing.Models;

namespace ChatAi.Bench.Inference;

/// <summary>The model that is measured: the 135M one beside the repository, made into Q4_0, which llama.cpp repacks for the CPU.</summary>
internal static unsafe class SmallModel
{
    private const int Q4Zero = 2;

    public static string? Find() => SharedModels.Find(SharedModels.Chat);

    public static string Requantize(string path, string folder)
    {
        LlamaLibrary.Load();
        var target = Path.Combine(folder, "model.Q4_0.gguf");
        var parameters = LlamaApi.llama_model_quantize_default_params();
        parameters.Threads = 1;
        parameters.FileType = Q4Zero;
        parameters.AllowRequantize = 1;
        return LlamaApi.llama_model_quantize(path, target, &parameters) == 0
            ? target
            : throw new InvalidOperationException(NativeLog.Explain("The model cannot be made into Q4_0"));
    }
}
