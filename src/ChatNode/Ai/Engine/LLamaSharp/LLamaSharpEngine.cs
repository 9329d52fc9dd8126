using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LLama;
using LLama.Common;
using LLama.Exceptions;
using LLama.Extensions;
using LLama.Native;

namespace ChatAi.ChatNode.Ai.Engine.LLamaSharp;

/// <summary>
/// The port over LLamaSharp, which brings llama.cpp libraries of its own. Compiled only with <c>-p:LLamaSharp=true</c>.
/// </summary>
public sealed unsafe class LLamaSharpEngine : IInferenceEngine
{
    private readonly Lock _abortGate = new();
    private readonly LLamaWeights _weights;
    private readonly SafeLLamaContextHandle _context;
    private readonly LLamaBatch _batch = new();
    private readonly HashSet<int> _logits = [];
    private int* _abort;

    /// <exception cref="EngineUnavailableException">LLamaSharp's libraries or the model cannot be had.</exception>
    public LLamaSharpEngine(LlamaEngineOptions options)
    {
        if (!File.Exists(options.ModelPath))
        {
            throw new EngineUnavailableException($"there is no model file {options.ModelPath}");
        }

        _abort = (int*)NativeMemory.AllocZeroed(sizeof(int));
        try
        {
            var parameters = ParametersFor(options);
            _weights = LLamaWeights.LoadFromFile(parameters);
            var tokens = Math.Min(options.ContextTokens, _weights.ContextSize);
            const int pad = 256;
            parameters.ContextSize = (uint)((tokens + pad - 1) / pad * pad * options.Sequences);
            parameters.ToLlamaContextParams(out var native);
            native.abort_callback = (nint)(delegate* unmanaged[Cdecl]<nint, byte>)&IsAborted;
            native.abort_callback_user_data = (nint)_abort;
            _context = SafeLLamaContextHandle.Create(_weights.NativeHandle, native);
            Model = new EngineModel(
                Path.GetFileName(options.ModelPath),
                ModelFiles.Sha256(options.ModelPath, options.Stop),
                tokens,
                options.Sequences,
                options.BatchTokens,
                _weights.Vocab.Count,
                _weights.NativeHandle.GetTemplate(strict: false)
            );
        }
        catch (Exception e) when (e is RuntimeError or LoadWeightsFailedException or TypeInitializationException)
        {
            Dispose();
            throw new EngineUnavailableException(
                e is TypeInitializationException
                    ? "LLamaSharp finds no llama.cpp libraries that it can load"
                    : $"LLamaSharp does not open the model: {e.Message.Split('\n')[0].Trim()}",
                e
            );
        }
    }

    public EngineModel Model { get; }

    public int[] Tokenize(string text, bool addBeginning, bool parseSpecial)
    {
        if (text.Length == 0 && !addBeginning)
        {
            return [];
        }

        var tokens = _context.Tokenize(text, addBeginning, parseSpecial, Encoding.UTF8);
        var ends = addBeginning && _weights.Vocab.ShouldAddEOS && tokens.Length > 0 && tokens[^1] == _weights.Vocab.EOS;
        return [.. tokens.Take(tokens.Length - (ends ? 1 : 0)).Select(token => (int)token)];
    }

    public int PieceOf(int token, Span<byte> into)
    {
        CheckToken(token);
        var length = (int)_context.TokenToSpan(token, into);
        return length <= into.Length
            ? length
            : throw new ArgumentException($"The token's piece has {length} bytes.", nameof(into));
    }

    public bool IsEnd(int token)
    {
        CheckToken(token);
        return ((LLamaToken)token).IsEndOfGeneration(_weights.Vocab);
    }

    public string ApplyTemplate(IReadOnlyList<TemplateMessage> messages)
    {
        try
        {
            return Applied(Model.ChatTemplate ?? "chatml", messages);
        }
        catch (MissingTemplateException)
        {
            return Applied("chatml", messages);
        }
    }

    public DecodeOutcome Decode(ReadOnlySpan<BatchToken> batch)
    {
        _logits.Clear();
        _batch.Clear();
        if (batch.Length > Model.BatchTokens)
        {
            throw new ArgumentException($"A batch holds {Model.BatchTokens} tokens at most.", nameof(batch));
        }

        for (var i = 0; i < batch.Length; i++)
        {
            var token = batch[i];
            CheckToken(token.Token);
            CheckSequence(token.Sequence);
            ArgumentOutOfRangeException.ThrowIfNegative(token.Position, nameof(batch));
            if (token.Position >= Model.ContextTokens)
            {
                return DecodeOutcome.Full;
            }

            _batch.Add(token.Token, token.Position, (LLamaSeqId)token.Sequence, token.WantsLogits);
        }

        switch (_context.Decode(_batch))
        {
            case DecodeResult.Ok:
                for (var i = 0; i < batch.Length; i++)
                {
                    if (batch[i].WantsLogits)
                    {
                        _logits.Add(i);
                    }
                }

                return DecodeOutcome.Done;
            case DecodeResult.NoKvSlot:
                return DecodeOutcome.Full;
            case DecodeResult.ComputeAborted:
                return DecodeOutcome.Aborted;
            case var other:
                throw new InvalidOperationException($"llama.cpp refuses the batch ({other})");
        }
    }

    public ReadOnlySpan<float> LogitsAt(int batchIndex) =>
        _logits.Contains(batchIndex)
            ? _context.GetLogitsIth(batchIndex)
            : throw new ArgumentOutOfRangeException(
                nameof(batchIndex),
                batchIndex,
                "The last decode left no logits there."
            );

    public bool Truncate(int sequence, int fromPosition)
    {
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(fromPosition);
        // LLamaSharp does not pass on whether the model could cut there, but what is left says it.
        _context.MemorySequenceRemove((LLamaSeqId)sequence, fromPosition, -1);
        return (int)_context.MemorySequenceMaxPosition((LLamaSeqId)sequence) < fromPosition;
    }

    public void CopyPrefix(int from, int to, int count)
    {
        CheckSequence(from);
        CheckSequence(to);
        if (from == to)
        {
            throw new ArgumentException("A sequence cannot be copied onto itself.", nameof(to));
        }

        if (!SetState(to, GetState(from, 0)) || !Truncate(to, count))
        {
            Truncate(to, 0);
            throw new InvalidOperationException("llama.cpp cannot copy this sequence");
        }
    }

    public byte[] Save(int sequence)
    {
        CheckSequence(sequence);
        return Envelope.Seal(GetState(sequence, Envelope.Room));
    }

    public bool Restore(int sequence, ReadOnlySpan<byte> state)
    {
        CheckSequence(sequence);
        var inner = Envelope.Open(state);
        if (
            !inner.IsEmpty
            && SetState(sequence, inner)
            && (int)_context.MemorySequenceMaxPosition((LLamaSeqId)sequence) < Model.ContextTokens
        )
        {
            return true;
        }

        Truncate(sequence, 0);
        return false;
    }

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

    public void ClearAbort()
    {
        ObjectDisposedException.ThrowIf(_abort is null, this);
        Volatile.Write(ref *_abort, 0);
    }

    public void Dispose()
    {
        lock (_abortGate)
        {
            _context?.Dispose();
            _weights?.Dispose();
            NativeMemory.Free(_abort);
            _abort = null;
        }
    }

    private static ModelParams ParametersFor(LlamaEngineOptions options)
    {
        var threads = LlamaEngineOptions.ThreadsFor(options.Threads, Environment.ProcessorCount);
        return new ModelParams(options.ModelPath)
        {
            GpuLayerCount = 0,
            SeqMax = (uint)options.Sequences,
            BatchSize = (uint)options.BatchTokens,
            UBatchSize = (uint)options.BatchTokens,
            Threads = threads,
            BatchThreads = threads,
            KVUnified = false,
        };
    }

    private SavedState Envelope => new($"LLamaSharp {Version} {Model.Sha256}");

    private static string Version => typeof(LLamaWeights).Assembly.GetName().Version?.ToString() ?? "?";

    private byte[] GetState(int sequence, int room)
    {
        var size = _context.GetStateSize((LLamaSeqId)sequence);
        var state = new byte[room + (int)size];
        fixed (byte* start = state)
        {
            return _context.GetState(start + room, size, (LLamaSeqId)sequence) == size
                ? state
                : throw new InvalidOperationException("llama.cpp does not give the sequence's state");
        }
    }

    private bool SetState(int sequence, ReadOnlySpan<byte> state)
    {
        fixed (byte* start = state)
        {
            return _context.SetState(start, (nuint)state.Length, (LLamaSeqId)sequence) == (nuint)state.Length;
        }
    }

    private static string Applied(string template, IReadOnlyList<TemplateMessage> messages)
    {
        var applied = new LLamaTemplate(template) { AddAssistant = true };
        foreach (var message in messages)
        {
            applied.Add(message.Role, message.Content.Replace("\0", ""));
        }

        return Encoding.UTF8.GetString(applied.Apply());
    }

    private void CheckToken(int token) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)Model.Vocabulary, nameof(token));

    private void CheckSequence(int sequence) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sequence, (uint)Model.Sequences, nameof(sequence));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsAborted(nint flag) => Volatile.Read(ref *(int*)flag) != 0 ? (byte)1 : (byte)0;
}
