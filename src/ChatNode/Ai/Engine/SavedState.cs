using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>
/// The envelope of a saved sequence: whose state it is and a checksum. The library would take the bytes of another model
/// as numbers without complaint, and end the process over broken ones.
/// </summary>
internal sealed class SavedState(string owner)
{
    private const int Checksum = sizeof(uint);
    private readonly byte[] _owner = Encoding.ASCII.GetBytes(owner + '\n');

    /// <summary>Bytes before the state itself.</summary>
    public int Room => _owner.Length + Checksum;

    /// <summary>Fills the first <see cref="Room"/> bytes.</summary>
    public byte[] Seal(byte[] state)
    {
        _owner.CopyTo(state, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(_owner.Length), Sum(state.AsSpan(Room)));
        return state;
    }

    /// <summary>The state itself; empty where it is another's or broken.</summary>
    public ReadOnlySpan<byte> Open(ReadOnlySpan<byte> state)
    {
        if (state.Length <= Room || !state.StartsWith(_owner))
        {
            return [];
        }

        var sum = BinaryPrimitives.ReadUInt32LittleEndian(state[_owner.Length..]);
        return sum == Sum(state[Room..]) ? state[Room..] : [];
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, eight);
        }

        foreach (var one in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }
}
