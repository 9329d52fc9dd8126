using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>Cursors of searches as opaque base64url texts.</summary>
public static class SearchCursors
{
    private const byte Version = 1;
    private const int Length = 1 + 8 + 16 + 8;

    public static string Write(SearchCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], cursor.At);
        cursor.Chat.Value.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[25..], cursor.Seq);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where this server never gave out such a cursor.</summary>
    public static SearchCursor? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        // Not TryDecodeFromChars: that one throws for characters outside of the alphabet.
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != Length)
            return null;
        var at = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        var seq = BinaryPrimitives.ReadInt64BigEndian(bytes[25..]);
        if (bytes[0] != Version || at < 0 || seq < 1)
            return null;
        return new SearchCursor(at, new ChatId(new Guid(bytes[9..25], bigEndian: true)), seq);
    }
}
