using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>
/// llama.cpp in the process. What would make the library end the process (a sequence out of range, a batch too large) is
/// refused here before it is called.
/// </summary>
public sealed unsafe partial class LlamaEngine : IInferenceEngine
{
    private const int MostSequences = 256;
    private const int MostBatchTokens = 4096;
    private readonly Lock _abortGate = new();
    private readonly nint _model;
    private readonly nint _context;
    private readonly nint _memory;
    private readonly nint _vocabulary;
    private readonly int _outputs;
    private int* _abort;

    /// <exception cref="EngineUnavailableException">The libraries or the model are missing, or are not the right ones.</exception>
    public LlamaEngine(LlamaEngineOptions options)
    {
        LlamaLibrary.Load(options.LibraryFolder);
        Check(options);
        NativeLog.Forget();
        var parameters = LlamaApi.llama_model_default_params();
        parameters.GpuLayers = 0;
        _abort = (int*)NativeMemory.AllocZeroed(sizeof(int));
        parameters.Progress = (nint)(delegate* unmanaged[Cdecl]<float, nint, byte>)&GoesOn;
        parameters.ProgressData = (nint)_abort;
        var name = Path.GetFileName(options.ModelPath);
        try
        {
            using (options.Stop.UnsafeRegister(static engine => ((LlamaEngine)engine!).Abort(), this))
            {
                _model = LlamaApi.llama_model_load_from_file(options.ModelPath, parameters);
            }

            options.Stop.ThrowIfCancellationRequested();
            if (_model == 0)
            {
                throw new EngineUnavailableException(NativeLog.Explain($"the model {name} does not load"));
            }

            _vocabulary = LlamaApi.llama_model_get_vocab(_model);
            _outputs = Math.Max(options.Sequences, Math.Min(options.BatchTokens, 32));
            if (LlamaApi.llama_model_has_decoder(_model) == 0 || LlamaApi.llama_model_has_encoder(_model) != 0)
            {
                throw new EngineUnavailableException($"the model {name} is not one that continues text");
            }

            var trained = LlamaApi.llama_model_n_ctx_train(_model);
            var tokens = trained > 0 ? Math.Min(options.ContextTokens, trained) : options.ContextTokens;
            _context = LlamaApi.llama_init_from_model(_model, ContextFor(options, tokens));
            if (_context == 0)
            {
                throw new EngineUnavailableException(NativeLog.Explain($"the model {name} gets no context"));
            }

            _memory = LlamaApi.llama_get_memory(_context);
            LlamaApi.llama_set_abort_callback(_context, &IsAborted, (nint)_abort);
            Model = new EngineModel(
                name,
                ModelFiles.Sha256(options.ModelPath, options.Stop),
                Math.Min(tokens, (int)LlamaApi.llama_n_ctx_seq(_context)),
                options.Sequences,
                options.BatchTokens,
                LlamaApi.llama_vocab_n_tokens(_vocabulary),
                Marshal.PtrToStringUTF8((nint)LlamaApi.llama_model_chat_template(_model, null))
            );
        }
        catch
        {
            Free();
            throw;
        }
    }

    public EngineModel Model { get; }

    public void Abort()
    {
        lock (_abortGate)
        {
            if (_abort is not null)
            {
                Volatile.Write(ref *_abort, 1);
            }
        }
    }

    public void ClearAbort() => Volatile.Write(ref *Alive()._abort, 0);

    public void Dispose()
    {
        if (_abort is not null)
        {
            Free();
        }
    }

    private void Free()
    {
        lock (_abortGate)
        {
            if (_context != 0)
            {
                LlamaApi.llama_free(_context);
            }

            if (_model != 0)
            {
                LlamaApi.llama_model_free(_model);
            }

            NativeMemory.Free(_abort);
            _abort = null;
        }
    }

    private static void Check(LlamaEngineOptions options)
    {
        if (!File.Exists(options.ModelPath))
        {
            throw new EngineUnavailableException($"there is no model file {options.ModelPath}");
        }

        if (
            options.Sequences is < 1 or > MostSequences
            || options.ContextTokens < 1
            || options.BatchTokens is < 1 or > MostBatchTokens
        )
        {
            throw new EngineUnavailableException(
                $"the local engine takes 1 to {MostSequences} sequences, 1 to {MostBatchTokens} tokens a batch and a context"
            );
        }
    }

    private ContextParams ContextFor(LlamaEngineOptions options, int tokens)
    {
        const int pad = 256; // The library rounds each sequence's room up to this.
        var parameters = LlamaApi.llama_context_default_params();
        parameters.Context = (uint)((tokens + pad - 1) / pad * pad * options.Sequences);
        parameters.Batch = (uint)options.BatchTokens;
        parameters.MicroBatch = (uint)options.BatchTokens;
        parameters.Sequences = (uint)options.Sequences;
        parameters.Outputs = (uint)_outputs;
        parameters.Threads = LlamaEngineOptions.ThreadsFor(options.Threads, Environment.ProcessorCount);
        parameters.BatchThreads = parameters.Threads;
        // With one cache for all, an answer would depend on who else is being answered.
        parameters.Unified = 0;
        parameters.OffloadKqv = 0;
        parameters.OffloadOperations = 0;
        return parameters;
    }

    private LlamaEngine Alive()
    {
        ObjectDisposedException.ThrowIf(_abort is null, this);
        return this;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte GoesOn(float done, nint flag) => Volatile.Read(ref *(int*)flag) == 0 ? (byte)1 : (byte)0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsAborted(nint flag) => Volatile.Read(ref *(int*)flag) != 0 ? (byte)1 : (byte)0;
}
