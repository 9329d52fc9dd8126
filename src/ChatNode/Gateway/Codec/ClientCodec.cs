using System.Text.Json;
using System.Text.Unicode;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>Frames of clients → requests. Pure; never throws, whatever the bytes.</summary>
public static class ClientCodec
{
    public const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
    };

    private static readonly ClientFrame.Bad NoJson = Bad(
        null,
        $"A frame is one JSON object in UTF-8, at most {MaxDepth} levels deep, without duplicate names."
    );

    /// <param name="utf8">One whole frame; not kept.</param>
    public static ClientFrame Decode(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.SequenceEqual("{}"u8))
            return ClientFrame.Pong.Instance;
        if (!Utf8.IsValid(utf8.Span))
            return NoJson;
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            return Decode(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a name with an escaped half of a surrogate pair.
            return NoJson;
        }
    }

    private static ClientFrame Decode(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return NoJson;
        long? id = null;
        if (root.TryGetProperty("id"u8, out var idValue))
        {
            if (idValue.ValueKind != JsonValueKind.Number || !idValue.TryGetInt64(out var number) || number < 1)
                return Bad(null, "'id' must be a positive whole number below 2^63.");
            id = number;
        }
        if (!root.TryGetProperty("op"u8, out var op))
            return root.GetPropertyCount() == 0 ? ClientFrame.Pong.Instance : Bad(id, "'op' is missing.");
        if (op.ValueKind != JsonValueKind.String)
            return Bad(id, "'op' must be a string.");
        if (!root.TryGetProperty("d"u8, out var d) || d.ValueKind == JsonValueKind.Null)
            d = default;
        else if (d.ValueKind != JsonValueKind.Object)
            return new ClientFrame.Refused(id, new Rejection(ErrorCode.BadRequest, "'d' must be an object."));
        var fields = new Fields(d);
        var request = RequestCodec.Decode(op, ref fields);
        if (fields.Error is { } error)
            return new ClientFrame.Refused(id, error);
        return request is null
            ? new ClientFrame.Refused(id, new Rejection(ErrorCode.Unsupported, "This server does not know this 'op'."))
            : new ClientFrame.Request(id, request);
    }

    private static ClientFrame.Bad Bad(long? id, string message) =>
        new(id, new Rejection(ErrorCode.BadRequest, message));
}
