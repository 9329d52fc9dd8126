using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;
using Microsoft.Net.Http.Headers;

namespace ChatAi.ChatNode.Api;

/// <summary>Makes a value of a body's members; what is missing or wrong is remembered in <see cref="Fields.Error"/>.</summary>
public delegate T FieldReader<out T>(ref Fields fields);

/// <summary>Bodies of requests: one JSON object, held to the same rules as a frame of a socket.</summary>
public static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = ClientCodec.MaxDepth,
        AllowDuplicateProperties = false,
    };

    private static readonly Rejection TooLarge = new(
        ErrorCode.TooLarge,
        $"A body has at most {Limits.FrameBytes} bytes."
    );
    private static readonly Rejection NoJson = new(
        ErrorCode.BadRequest,
        $"A body is one JSON object in UTF-8, at most {ClientCodec.MaxDepth} levels deep, without duplicate names."
    );
    private static readonly Rejection NotJsonType = new(ErrorCode.BadRequest, "The content type is application/json.");

    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http, FieldReader<T> read)
        where T : notnull
    {
        if (!IsJson(http.Request.ContentType))
            return NotJsonType;
        if (http.Request.ContentLength > Limits.FrameBytes)
            return TooLarge;
        var body = await ReadBytesAsync(http.Request.BodyReader, http.RequestAborted);
        return body.IsOk ? Parse(body.Value, read) : body.Rejection;
    }

    /// <summary>Never throws, whatever the bytes.</summary>
    public static Outcome<T> Parse<T>(ReadOnlyMemory<byte> utf8, FieldReader<T> read)
        where T : notnull
    {
        if (!Utf8.IsValid(utf8.Span))
            return NoJson;
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return NoJson;
            var fields = new Fields(document.RootElement);
            var value = read(ref fields);
            return fields.Error is { } error ? error : value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a name with an escaped half of a surrogate pair.
            return NoJson;
        }
    }

    // No type at all is taken for JSON: small devices and scripts often send none.
    private static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<Outcome<ReadOnlyMemory<byte>>> ReadBytesAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var tooLarge = read.Buffer.Length > Limits.FrameBytes;
            var isDone = read.IsCompleted || tooLarge;
            ReadOnlyMemory<byte> body = isDone && !tooLarge ? read.Buffer.ToArray() : default;
            reader.AdvanceTo(isDone ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (tooLarge)
                return TooLarge;
            if (isDone)
                return body;
        }
    }
}
