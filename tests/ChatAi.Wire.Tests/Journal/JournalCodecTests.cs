using System.Runtime.Serialization;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;
using CsCheck;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Wire.Tests.Journal;

public sealed class JournalCodecTests
{
    private static readonly JournalCodec Codec = JournalCodec.Current;

    [Theory]
    [InlineData("chat.message-sent.v99")]
    [InlineData("Chat.Message-Sent.v1")]
    [InlineData("ChatAi.Shared.Domain.Chats.ChatEvents+MessageSent, ChatAi.Shared")]
    [InlineData("")]
    public void Should_refuse_an_unknown_manifest(string manifest) =>
        Assert.Throws<SerializationException>(() => Codec.FromBytes([], manifest));

    [Fact]
    public void Should_refuse_an_unknown_type()
    {
        Assert.Throws<ArgumentException>(() => Codec.ToBytes("text"));
        Assert.Throws<ArgumentException>(() => Codec.ManifestOf(new NewMember(UserId.Assistant, MemberRole.Owner)));
    }

    [Fact]
    public void Should_never_name_a_manifest_after_a_type() =>
        Assert.All(
            JournalTypes.All,
            type => Assert.Matches(@"^(chat|user|phone|operators)\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*$", type.Manifest)
        );

    [Theory]
    [InlineData("chat.message-sent.v1")]
    [InlineData("chat.member-added.v1")]
    [InlineData("chat.ai-run-completed.v1")]
    public void Should_refuse_bytes_that_lack_what_every_writer_wrote(string manifest) =>
        Assert.Throws<SerializationException>(() => Codec.FromBytes([], manifest));

    /// <summary>Damaged rows end in the one exception that recovery reports, whatever the damage.</summary>
    [Fact]
    public void Should_fail_clearly_on_damaged_bytes() =>
        Gen.Select(
                Gen.Int[0, JournalTypes.All.Count - 1].Select(i => JournalTypes.All[i]),
                Gen.Int[0, 10_000],
                Gen.Byte,
                Gen.Bool
            )
            .Sample(
                (type, at, value, cut) =>
                {
                    var bytes = GoldenFiles.Read(type.Manifest);
                    bytes[at % bytes.Length] = value;
                    if (cut)
                        bytes = bytes[..(at % bytes.Length)];
                    try
                    {
                        Assert.IsType(type.Type, Codec.FromBytes(bytes, type.Manifest));
                    }
                    catch (SerializationException) { }
                },
                iter: 5_000
            );

    /// <summary>Bytes of a message from before messages of the assistant carried their run and citations.</summary>
    [Fact]
    public void Should_read_old_bytes_that_lack_later_fields()
    {
        var bytes = Convert.FromHexString(
            "089103"
                + "1210019512abcdef70008000000000000004"
                + "1a10019512abcdef70008000000000000001"
                + "2a026869"
                + "3210019512abcdef70008000000000000005"
                + "5087cd94e7ce33"
        );

        var read = Assert.IsType<ChatEvents.MessageSent>(Codec.FromBytes(bytes, "chat.message-sent.v1"));

        var id = (int n) => new Guid($"019512ab-cdef-7000-8000-{n:x12}");
        Assert.Equal(
            Shape.Of(
                new ChatEvents.MessageSent(
                    401,
                    new MessageId(id(4)),
                    new UserId(id(1)),
                    false,
                    "hi",
                    new ClientMessageId(id(5)),
                    null,
                    null,
                    [],
                    new DateTimeOffset(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero)
                )
            ),
            Shape.Of(read)
        );
    }

    [Fact]
    public void Should_make_the_current_event_of_an_old_manifest()
    {
        var upcaster = JournalUpcaster.Of<ChatEvents.ChatUpdated, Stored.ChatUpdated>(
            "chat.renamed.v1",
            Stored.ChatUpdated.Parser,
            old => new ChatEvents.ChatUpdated(old.Seq, old.Title.ToUpperInvariant(), UserId.Assistant, default)
        );
        var codec = new JournalCodec(JournalTypes.All, [upcaster]);
        var bytes = Codec.ToBytes(new ChatEvents.ChatUpdated(3, "wien", UserId.Assistant, default));

        var read = Assert.IsType<ChatEvents.ChatUpdated>(codec.FromBytes(bytes, "chat.renamed.v1"));

        Assert.Equal((3, "WIEN"), (read.Seq, read.Title));
        Assert.Equal("chat.updated.v1", codec.ManifestOf(read));
    }

    [Fact]
    public void Should_refuse_a_table_with_a_manifest_twice()
    {
        var again = JournalUpcaster.Of<ChatEvents.ChatUpdated, Stored.ChatUpdated>(
            "chat.updated.v1",
            Stored.ChatUpdated.Parser,
            old => new ChatEvents.ChatUpdated(old.Seq, old.Title, UserId.Assistant, default)
        );

        Assert.Throws<ArgumentException>(() => new JournalCodec(JournalTypes.All, [again]));
    }
}
