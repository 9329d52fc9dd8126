using ChatAi.Shared.Domain.Attachments;
using ChatAi.Testing;

namespace ChatAi.Domain.Tests.Attachments;

public sealed class ImageSizeTests
{
    public static TheoryData<string, string, int, int> Headers =>
        new()
        {
            // 640 by 480, each as its format's specification lays it out.
            { "image/gif", "474946383961" + "8002E001" + "F70000", 640, 480 },
            {
                "image/webp",
                "52494646" + "00000000" + "57454250" + "56503858" + "0A000000" + "00000000" + "7F0200DF0100",
                640,
                480
            },
            {
                "image/webp",
                "52494646" + "00000000" + "57454250" + "5650384C" + "00000000" + "2F" + "7FC27700" + "0000000000",
                640,
                480
            },
            {
                "image/webp",
                "52494646" + "00000000" + "57454250" + "56503820" + "00000000" + "000000" + "9D012A" + "8002E001",
                640,
                480
            },
            // A JPEG with its metadata before the frame header.
            {
                "image/jpeg",
                "FFD8" + "FFE00010" + "4A46494600010100000100010000" + "FFC0001108" + "01E00280" + "03012200",
                640,
                480
            },
            // Progressive, with fill bytes.
            { "image/jpeg", "FFD8" + "FFFFFFC2001108" + "01E00280" + "03012200", 640, 480 },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Should_read_the_size_from_the_header(string type, string hex, int width, int height) =>
        Assert.Equal(new ImageSize(width, height), ImageSize.Of(type, Convert.FromHexString(hex)));

    [Fact]
    public void Should_read_the_size_of_a_whole_png() =>
        Assert.Equal(new ImageSize(640, 480), ImageSize.Of("image/png", Pictures.Png(640, 480)));

    [Theory]
    [MemberData(nameof(Headers))]
    public void Should_make_nothing_of_a_header_that_is_cut(string type, string hex, int width, int height)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 0; length < whole.Length; length++)
            Assert.Contains(ImageSize.Of(type, whole.AsSpan(0, length)), new[] { null, new ImageSize(width, height) });
        Assert.Null(ImageSize.Of(type, whole.AsSpan(0, 8)));
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(20_000, 6_000, false)]
    [InlineData(20_001, 1, true)]
    [InlineData(12_000, 12_000, true)]
    [InlineData(0, 5, true)]
    public void Should_call_absurd_what_nobody_could_show(int width, int height, bool absurd) =>
        Assert.Equal(absurd, new ImageSize(width, height).IsAbsurd);

    [Fact]
    public void Should_not_overflow_on_the_largest_numbers() =>
        Assert.True(
            ImageSize
                .Of("image/png", Convert.FromHexString("89504E470D0A1A0A0000000D49484452FFFFFFFFFFFFFFFF"))!
                .IsAbsurd
        );
}
