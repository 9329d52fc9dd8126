using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>Cursors of the list of conversations as opaque base64url texts.</summary>
public static class ChatCursors
{
    private const byte Version = 1;
    private const int Length = 1 + 8 + 16;

    public static string Write(ChatCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], cursor.LastMessageAt.UtcTicks);
        cursor.Chat.Value.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where this server never gave out such a cursor.</summary>
    public static ChatCursor? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        // Not TryDecodeFromChars: that one throws for characters outside of the alphabet.
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != Length)
            return null;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if (bytes[0] != Version || ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return null;
        return new ChatCursor(
            new DateTimeOffset(ticks, TimeSpan.Zero),
            new ChatId(new Guid(bytes[9..], bigEndian: true))
        );
    }
}
