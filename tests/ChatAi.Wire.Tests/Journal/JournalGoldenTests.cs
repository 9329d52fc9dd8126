using ChatAi.Shared.Serialization;
using ChatAi.Testing;

namespace ChatAi.Wire.Tests.Journal;

public sealed class JournalGoldenTests
{
    // Field 900 = 42 and field 901 = "new": numbers that no message uses.
    private static readonly byte[] UnknownNumber = [0xA0, 0x38, 42];
    private static readonly byte[] UnknownText = [0xAA, 0x38, 3, .. "new"u8];

    public static TheoryData<string> Manifests => [.. JournalTypes.All.Select(type => type.Manifest)];

    private static object SampleOf(string manifest) =>
        JournalSamples.All.Single(sample => JournalCodec.Current.ManifestOf(sample) == manifest);

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_write_the_recorded_bytes(string manifest)
    {
        var bytes = JournalCodec.Current.ToBytes(SampleOf(manifest));

        Assert.Equal(GoldenFiles.ReadOrWrite(manifest, bytes), bytes);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_read_the_recorded_bytes(string manifest) =>
        Assert.Equal(
            Shape.Of(SampleOf(manifest)),
            Shape.Of(JournalCodec.Current.FromBytes(GoldenFiles.Read(manifest), manifest))
        );

    /// <summary>A newer node may have added fields.</summary>
    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_ignore_unknown_fields(string manifest)
    {
        byte[] bytes = [.. UnknownNumber, .. GoldenFiles.Read(manifest), .. UnknownText];

        var read = JournalCodec.Current.FromBytes(bytes, manifest);

        Assert.Equal(Shape.Of(SampleOf(manifest)), Shape.Of(read));
    }

    /// <summary>A file whose manifest was dropped from the table: such events would be unreadable.</summary>
    [Fact]
    public void Should_still_know_every_recorded_manifest() =>
        Assert.Empty(
            GoldenFiles
                .Names()
                .Except(JournalTypes.All.Select(type => type.Manifest))
                .Except(JournalTypes.Upcasters.Select(old => old.Manifest))
        );
}
