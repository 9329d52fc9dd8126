using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.ChatNode.Ai.Engine;

public sealed unsafe partial class LlamaEngine
{
    private SavedState? _envelope;

    private SavedState Envelope => _envelope ??= new($"llama.cpp {LlamaLibrary.Release} {Model.Sha256}");

    public bool Truncate(int sequence, int fromPosition)
    {
        Alive();
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(fromPosition);
        return LlamaApi.llama_memory_seq_rm(_memory, sequence, fromPosition, -1) != 0;
    }

    public void CopyPrefix(int from, int to, int count)
    {
        Alive();
        CheckSequence(from);
        CheckSequence(to);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (from == to)
        {
            throw new ArgumentException("A sequence cannot be copied onto itself.", nameof(to));
        }

        // The library's own copy is carried out only with the next decode: what is saved, restored or cut until then would
        // be mixed up. The state's bytes are right at once, and hold only the tokens there are.
        if (!SetState(to, GetState(from, 0)) || !Truncate(to, count))
        {
            Truncate(to, 0);
            throw new InvalidOperationException(NativeLog.Explain("llama.cpp cannot copy this sequence"));
        }
    }

    public byte[] Save(int sequence)
    {
        Alive();
        CheckSequence(sequence);
        return Envelope.Seal(GetState(sequence, Envelope.Room));
    }

    public bool Restore(int sequence, ReadOnlySpan<byte> state)
    {
        Alive();
        CheckSequence(sequence);
        var inner = Envelope.Open(state);
        if (
            !inner.IsEmpty
            && SetState(sequence, inner)
            && LlamaApi.llama_memory_seq_pos_max(_memory, sequence) < Model.ContextTokens
        )
        {
            return true;
        }

        Truncate(sequence, 0);
        return false;
    }

    private byte[] GetState(int sequence, int room)
    {
        var size = LlamaApi.llama_state_seq_get_size(_context, sequence);
        var state = new byte[room + (int)size];
        fixed (byte* start = state)
        {
            return LlamaApi.llama_state_seq_get_data(_context, start + room, size, sequence) == size
                ? state
                : throw new InvalidOperationException(
                    NativeLog.Explain("llama.cpp does not give the sequence's state")
                );
        }
    }

    private bool SetState(int sequence, ReadOnlySpan<byte> state)
    {
        fixed (byte* start = state)
        {
            return LlamaApi.llama_state_seq_set_data(_context, start, (nuint)state.Length, sequence)
                == (nuint)state.Length;
        }
    }
}
