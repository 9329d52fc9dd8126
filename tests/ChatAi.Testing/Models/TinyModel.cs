namespace ChatAi.Testing.Models;

/// <summary>
/// Writes a GGUF file with random weights: architecture llama, two layers of 64, 0.2 MB. What it says has no meaning, but
/// it is computed as any model's words are: by tokens, positions, cache and attention. Letters and some pairs are tokens
/// of their own; every other character is split into byte tokens, so that its UTF-8 comes in parts.
/// </summary>
public static class TinyModel
{
    public const int Context = 512;
    public const int Vocabulary = 331;

    public const string ChatMl =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
        + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private const int Width = 64;
    private const int KeyWidth = 32;
    private const int Hidden = 128;
    private const int Layers = 2;

    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        Byte = 6,
    }

    /// <param name="template">The chat template to put into the file; null: none.</param>
    public static void Write(string path, int seed, string? template = ChatMl)
    {
        var file = new GgufWriter();
        file.Text("general.architecture", "llama");
        file.Text("general.name", $"tiny {seed}");
        file.Number("llama.context_length", Context);
        file.Number("llama.embedding_length", Width);
        file.Number("llama.block_count", Layers);
        file.Number("llama.feed_forward_length", Hidden);
        file.Number("llama.attention.head_count", 4);
        file.Number("llama.attention.head_count_kv", 2);
        file.Number("llama.rope.dimension_count", 16);
        file.Real("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        var tokens = Tokens().ToList();
        file.Text("tokenizer.ggml.model", "llama");
        file.Texts("tokenizer.ggml.tokens", tokens.Select(t => t.Text));
        file.Reals("tokenizer.ggml.scores", tokens.Select((t, i) => t.Kind is Kind.Normal ? -i : 0f));
        file.Numbers("tokenizer.ggml.token_type", tokens.Select(t => (int)t.Kind));
        file.Number("tokenizer.ggml.unknown_token_id", 0);
        file.Number("tokenizer.ggml.bos_token_id", 1);
        file.Number("tokenizer.ggml.eos_token_id", 2);
        file.Flag("tokenizer.ggml.add_space_prefix", false);
        if (template is not null)
        {
            file.Text("tokenizer.chat_template", template);
        }

        Weights(file, new Random(seed));
        file.Save(path);
    }

    private static void Weights(GgufWriter file, Random random)
    {
        file.Halves("token_embd.weight", Gaussian(random, Width * Vocabulary, 1), Width, Vocabulary);
        file.Halves("output.weight", Gaussian(random, Width * Vocabulary, 0.3), Width, Vocabulary);
        file.Floats("output_norm.weight", Ones(), Width);
        for (var layer = 0; layer < Layers; layer++)
        {
            Matrix("attn_q", Width, Width);
            Matrix("attn_k", Width, KeyWidth);
            Matrix("attn_v", Width, KeyWidth);
            Matrix("attn_output", Width, Width);
            Matrix("ffn_gate", Width, Hidden);
            Matrix("ffn_up", Width, Hidden);
            Matrix("ffn_down", Hidden, Width);
            file.Floats($"blk.{layer}.attn_norm.weight", Ones(), Width);
            file.Floats($"blk.{layer}.ffn_norm.weight", Ones(), Width);

            // Wide enough that what was read before changes what comes next.
            void Matrix(string name, int from, int to) =>
                file.Halves($"blk.{layer}.{name}.weight", Gaussian(random, from * to, 2 / Math.Sqrt(from)), from, to);
        }
    }

    private static IEnumerable<(string Text, Kind Kind)> Tokens()
    {
        yield return ("<unk>", Kind.Unknown);
        yield return ("<s>", Kind.Control);
        yield return ("</s>", Kind.Control);
        for (var value = 0; value < 256; value++)
        {
            yield return ($"<0x{value:X2}>", Kind.Byte);
        }

        yield return ("<|im_start|>", Kind.Control);
        yield return ("<|im_end|>", Kind.Control);
        string[] pairs =
        [
            "th",
            "he",
            "in",
            "er",
            "an",
            "re",
            "on",
            "at",
            "en",
            "nd",
            "ti",
            "es",
            "or",
            "te",
            "of",
            "ed",
        ];
        var letters = Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(c => $"{(char)c}");
        foreach (var text in (string[])[.. pairs, "\u2581", "\u2581the", .. letters])
        {
            yield return (text, Kind.Normal);
        }
    }

    private static float[] Ones() => Enumerable.Repeat(1f, Width).ToArray();

    private static float[] Gaussian(Random random, int count, double deviation)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var (radius, angle) = (
                Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())),
                2 * Math.PI * random.NextDouble()
            );
            values[i] = (float)(deviation * radius * Math.Cos(angle));
        }

        return values;
    }
}
