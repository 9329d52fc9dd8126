using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Operators;
using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;
using CsCheck;

namespace ChatAi.Wire.Tests.Journal;

public sealed class JournalRoundTripTests
{
    public static TheoryData<string> Manifests => [.. JournalTypes.All.Select(type => type.Manifest)];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_read_what_was_written(string manifest)
    {
        var type = JournalTypes.All.Single(t => t.Manifest == manifest).Type;
        JournalGens
            .All[type]
            .Sample(
                value =>
                {
                    Assert.Equal(manifest, JournalCodec.Current.ManifestOf(value));
                    var read = JournalCodec.Current.FromBytes(JournalCodec.Current.ToBytes(value), manifest);
                    Assert.Equal(Shape.Of(value), Shape.Of(read));
                },
                iter: 200
            );
    }

    [Fact]
    public void Should_cover_every_event_and_snapshot()
    {
        Type[] roots =
        [
            typeof(IChatEvent),
            typeof(IUserEvent),
            typeof(IPhoneEvent),
            typeof(IOperatorEvent),
            typeof(ChatSnapshot),
            typeof(UserSnapshot),
        ];
        var stored = typeof(IChatEvent)
            .Assembly.GetTypes()
            .Where(type =>
                type is { IsClass: true, IsAbstract: false } && roots.Any(root => root.IsAssignableFrom(type))
            )
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .ToList();

        Assert.Contains(typeof(ChatEvents.MessageSent), stored);
        Assert.Equal(
            stored,
            JournalTypes.All.Select(type => type.Type).OrderBy(type => type.FullName, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Should_write_a_message_in_few_bytes()
    {
        var bytes = JournalCodec.Current.ToBytes(
            new ChatEvents.MessageSent(
                1_000,
                new(Guid.NewGuid()),
                new(Guid.NewGuid()),
                false,
                "hi",
                new(Guid.NewGuid()),
                null,
                null,
                [],
                DateTimeOffset.UnixEpoch.AddYears(56)
            )
        );

        // Three UUIDs with their headers are 54 bytes, number and time 10, the text 4.
        Assert.Equal(68, bytes.Length);
    }
}
