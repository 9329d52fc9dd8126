using System.Runtime.Serialization;
using ChatAi.Shared.Domain.Chats;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>Files of messages.</summary>
internal static class AttachmentMapping
{
    private const int HashBytes = 32;

    public static Stored.Attachment ToWire(Attachment a)
    {
        var wire = new Stored.Attachment
        {
            Id = a.Id.ToWire(),
            Sha256 = UnsafeByteOperations.UnsafeWrap(Convert.FromHexString(a.Sha256)),
            Copy = a.Copy,
            Size = a.Size,
            Type = a.Type,
            Name = a.Name,
        };
        if (a.Width is { } width)
            wire.Width = width;
        if (a.Height is { } height)
            wire.Height = height;
        return wire;
    }

    public static IReadOnlyList<Attachment> ToDomain(RepeatedField<Stored.Attachment> wire) =>
        wire.Count == 0 ? [] : [.. wire.Select(ToDomain)];

    private static Attachment ToDomain(Stored.Attachment wire) =>
        new(
            wire.Id.ToAttachmentId(),
            wire.Sha256.Length == HashBytes
                ? Convert.ToHexStringLower(wire.Sha256.Span)
                : throw new SerializationException($"A SHA-256 has {HashBytes} bytes, not {wire.Sha256.Length}."),
            wire.Copy,
            wire.Size,
            wire.Type,
            wire.Name,
            wire.HasWidth ? wire.Width : null,
            wire.HasHeight ? wire.Height : null
        );
}
