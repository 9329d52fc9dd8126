using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>Recorded bytes of events with fields that were added later; those without are recorded, too.</summary>
public sealed class LaterFieldsGoldenTests
{
    [Fact]
    public void Should_keep_the_files_of_a_message()
    {
        var plain = JournalSamples.All.OfType<ChatEvents.MessageSent>().Single();
        var sent = plain with { Attachments = [JournalSamples.File] };
        var codec = JournalCodec.Current;

        var bytes = codec.ToBytes(sent);

        Assert.Equal(GoldenFiles.ReadOrWrite("Later/chat.message-sent.v1.attachments", bytes), bytes);
        Assert.Equal(Shape.Of(sent), Shape.Of(codec.FromBytes(bytes, codec.ManifestOf(sent))));
        // The readers of before find the rest as it was.
        Assert.StartsWith(
            Convert.ToHexString(codec.ToBytes(plain)),
            Convert.ToHexString(bytes),
            StringComparison.Ordinal
        );
    }
}
