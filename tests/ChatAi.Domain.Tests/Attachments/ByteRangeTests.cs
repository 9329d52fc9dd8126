using ChatAi.Shared.Domain.Attachments;
using CsCheck;

namespace ChatAi.Domain.Tests.Attachments;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=2-4", 2, 3)]
    [InlineData("bytes=2-", 2, 8)]
    [InlineData("bytes=2-99", 2, 8)]
    [InlineData("bytes=-3", 7, 3)]
    [InlineData("bytes=-99", 0, 10)]
    [InlineData("Bytes=2-4", 2, 3)]
    public void Should_read_one_range_of_ten_bytes(string header, long from, long length) =>
        Assert.Equal(new ByteRange(from, length), ByteRange.Parse(header, 10));

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=10-20")]
    [InlineData("bytes=-0")]
    public void Should_find_nothing_beyond_the_end(string header) =>
        Assert.Equal(ByteRange.None, ByteRange.Parse(header, 10));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1-2,4-5")]
    [InlineData("items=1-2")]
    [InlineData("bytes=99999999999999999999-")]
    public void Should_give_the_whole_for_what_it_does_not_understand(string? header) =>
        Assert.Null(ByteRange.Parse(header, 10));

    [Fact]
    public void Should_stay_within_the_file_whatever_is_asked() =>
        Gen.Select(Gen.String[Gen.Char["bytes=-0123456789, "], 0, 24], Gen.Long[1, 1_000])
            .Sample(
                (header, size) =>
                {
                    if (ByteRange.Parse("bytes=" + header, size) is not { } range || range == ByteRange.None)
                        return;
                    Assert.InRange(range.From, 0, size - 1);
                    Assert.InRange(range.Length, 1, size - range.From);
                }
            );
}
