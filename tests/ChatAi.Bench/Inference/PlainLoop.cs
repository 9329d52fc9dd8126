using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.Bench.Inference;

/// <summary>The least that generates text with llama.cpp: its functions one after the other, one sequence, no checks.</summary>
internal sealed unsafe class PlainLoop : IDisposable
{
    private readonly nint _model;
    private readonly nint _context;
    private readonly int _vocabulary;

    public PlainLoop(string path, int contextTokens, int batchTokens)
    {
        LlamaLibrary.Load();
        _model = LlamaApi.llama_model_load_from_file(path, LlamaApi.llama_model_default_params());
        var parameters = LlamaApi.llama_context_default_params();
        parameters.Context = (uint)contextTokens;
        parameters.Batch = (uint)batchTokens;
        parameters.MicroBatch = (uint)batchTokens;
        parameters.Threads = LlamaEngineOptions.ThreadsFor(0, Environment.ProcessorCount);
        parameters.BatchThreads = parameters.Threads;
        _context = LlamaApi.llama_init_from_model(_model, parameters);
        _vocabulary = LlamaApi.llama_vocab_n_tokens(LlamaApi.llama_model_get_vocab(_model));
    }

    public int Prompt(int[] prompt)
    {
        LlamaApi.llama_memory_seq_rm(LlamaApi.llama_get_memory(_context), 0, -1, -1);
        return Decode(prompt, 0);
    }

    public int[] Generate(int next, int position, int count)
    {
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
        {
            tokens[i] = next;
            next = Decode([next], position + i);
        }

        return tokens;
    }

    private int Decode(ReadOnlySpan<int> tokens, int position)
    {
        var count = tokens.Length;
        var positions = stackalloc int[count];
        var ones = stackalloc int[count];
        var sequences = stackalloc int*[count];
        var logits = stackalloc sbyte[count];
        var zero = 0;
        for (var i = 0; i < count; i++)
        {
            positions[i] = position + i;
            ones[i] = 1;
            sequences[i] = &zero;
            logits[i] = i == count - 1 ? (sbyte)1 : (sbyte)0;
        }

        fixed (int* all = tokens)
        {
            var batch = new NativeBatch
            {
                Count = count,
                Tokens = all,
                Positions = positions,
                SequenceCounts = ones,
                Sequences = sequences,
                Logits = logits,
            };
            if (LlamaApi.llama_decode(_context, batch) != 0)
            {
                throw new InvalidOperationException(NativeLog.Explain("The plain loop does not decode"));
            }
        }

        return Likeliest.Of(new ReadOnlySpan<float>(LlamaApi.llama_get_logits_ith(_context, count - 1), _vocabulary));
    }

    public void Dispose()
    {
        LlamaApi.llama_free(_context);
        LlamaApi.llama_model_free(_model);
    }
}
