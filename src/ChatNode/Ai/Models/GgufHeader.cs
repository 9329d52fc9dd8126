namespace ChatAi.ChatNode.Ai.Models;

/// <summary>What the head of a GGUF file says of the model in it.</summary>
/// <param name="Architecture">Such as <c>llama</c> or <c>qwen2</c>.</param>
/// <param name="Parameters">Summed over the tensors of this file.</param>
/// <param name="ContextTokens">What it was trained with; 0 where the file does not say.</param>
/// <param name="HasChatTemplate">Without one it can be asked, but was hardly made for it.</param>
/// <param name="Part">Number of this part where the model is split over several files; else null.</param>
/// <param name="Bytes">How long the file must be at least.</param>
public sealed record GgufHeader(
    int Version,
    string Architecture,
    string Name,
    long Parameters,
    int ContextTokens,
    string Quantisation,
    bool HasChatTemplate,
    int? Part,
    long Bytes
)
{
    /// <summary>Such as <c>135M</c> or <c>7.2B</c>.</summary>
    public string ParametersText =>
        Parameters switch
        {
            < 1_000_000 => $"{Math.Round(Parameters / 1e3)}K",
            < 1_000_000_000 => $"{Math.Round(Parameters / 1e6)}M",
            _ => $"{Math.Round(Parameters / 1e9, 1)}B",
        };

    /// <summary>Why no chat can be held with it; null where one can.</summary>
    public string? WhyNotChat =>
        this switch
        {
            { Part: not null } => "it is a part of a model that is split over several files",
            { Architecture: "clip" or "bert" or "nomic-bert" or "jina-bert-v2" or "t5encoder" } =>
                $"a model of the kind '{Architecture}' writes no text",
            _ => null,
        };
}

/// <summary>The file is not a usable GGUF file; the message says in one line what is wrong with it.</summary>
public sealed class GgufException(string message) : Exception(message);
