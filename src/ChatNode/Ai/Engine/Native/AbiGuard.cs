using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ChatAi.ChatNode.Ai.Engine.Native;

/// <summary>
/// llama.cpp passes its settings as structures by value whose layout changes between releases. Another release would not
/// fail: it would read threads where there are tokens. So everything that can be known beforehand is compared.
/// </summary>
internal static class AbiGuard
{
    internal const string MetadataFile = "_nlcBuildMetadata.json";

    /// <summary>The complaint, or null where the libraries of the folder are the pinned release.</summary>
    internal static string? ComplaintAboutFiles(string folder, string release)
    {
        if (!Directory.Exists(folder))
        {
            return $"the folder {folder} with the llama.cpp libraries does not exist";
        }

        var metadata = Path.Combine(folder, MetadataFile);
        if (!File.Exists(metadata))
        {
            return $"{folder} has no {MetadataFile}, which names the release of llama.cpp";
        }

        var found = ReleaseIn(metadata);
        return found == release
            ? null
            : $"{folder} holds llama.cpp {found ?? "of an unknown release"}, but this program was built for {release}";
    }

    /// <summary>What the library says of itself, which may have a suffix: <c>0.4.0-dev</c>.</summary>
    internal static string? ComplaintAboutVersion(string? version, string release) =>
        version is not null && release.TrimStart('v') == version.TrimStart('v').Split('-')[0]
            ? null
            : $"the llama.cpp library says that it is {version ?? "nothing"}, but this program was built for {release}";

    internal static string? ComplaintAboutSizes() =>
        (
            Unsafe.SizeOf<ModelParams>(),
            Unsafe.SizeOf<ContextParams>(),
            Unsafe.SizeOf<NativeBatch>(),
            Unsafe.SizeOf<NativeMessage>(),
            Unsafe.SizeOf<QuantizeParams>()
        ) == (80, 160, 56, 16, 64)
            ? null
            : "llama.cpp's structures have other sizes on this platform; only 64-bit platforms are supported";

    internal static string? ComplaintAboutDefaults(in ModelParams model, in ContextParams context)
    {
        var known =
            model is { GpuLayers: -1, SplitMode: 1, LoadMode: -1, MainGpu: 0, UseExtraBuffers: 1 }
            && model is { VocabularyOnly: 0, CheckTensors: 0, NoHost: 0, NoAlloc: 0, Overrides: 0, Progress: 0 }
            && context is { Context: 512, Batch: 2048, MicroBatch: 512, Sequences: 1, Outputs: 0 }
            && context is { Threads: 4, BatchThreads: 4, OutputsPerSequence: 1, FlashAttention: -1, Pooling: -1 }
            && context is { YarnExtension: -1f, RopeBase: 0f, Defragment: -1f, TypeK: 1, TypeV: 1, Evaluate: 0 }
            && context is { OffloadKqv: 1, NoPerformance: 1, OffloadOperations: 1, SlidingFull: 1, Unified: 0 }
            && context is { Embeddings: 0, Samplers: 0, SamplerCount: 0, OtherContext: 0, Abort: 0 };
        return known ? null : "llama.cpp's default settings are not those of the release this program was built for";
    }

    private static string? ReleaseIn(string metadata)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(metadata));
            return json
                .RootElement.GetProperty("buildOptions")
                .GetProperty("llamaCpp")
                .GetProperty("release")
                .GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
