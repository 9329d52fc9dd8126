using System.Text;
using ChatAi.Shared.Domain.Attachments;
using CsCheck;

namespace ChatAi.Domain.Tests.Attachments;

/// <summary>The table of first bytes, and what is made of it and of what was declared.</summary>
public sealed class SignatureTests
{
    public static TheoryData<string, string?> Heads =>
        new()
        {
            { "89504E470D0A1A0A0000000D49484452", "image/png" },
            { "FFD8FFE000104A464946", "image/jpeg" },
            { Hex("GIF87a......"), "image/gif" },
            { Hex("GIF89a......"), "image/gif" },
            { Hex("RIFF....WEBPVP8 "), "image/webp" },
            { Hex("RIFF....WAVEfmt "), "audio/wav" },
            { Hex("RIFF....AVI LIST") + "00", null },
            { "00000018" + Hex("ftypisom") + "00000000", "video/mp4" },
            { "00000018" + Hex("ftypmp42") + "00000000", "video/mp4" },
            { "00000018" + Hex("ftypheic") + "00000000", null },
            { "1A45DFA30100000000", "video/webm" },
            { Hex("OggS") + "00020000", "audio/ogg" },
            { Hex("ID3") + "0300000000", "audio/mpeg" },
            { "FFFB9064000000", "audio/mpeg" },
            { Hex("%PDF-1.7"), "application/pdf" },
            { "504B0304140000", "application/zip" },
            { "504B0506000000", "application/zip" },
            { Hex("<svg xmlns='http://www.w3.org/2000/svg'/>"), "text/plain" },
            { Hex("hello\n"), "text/plain" },
            { "EFBBBF" + Hex("Grüße"), "text/plain" },
            { Hex("zero") + "00" + Hex("byte"), null },
            { "7F454C4602010100", null },
            { "89504E47", null },
        };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Should_know_a_file_by_its_first_bytes(string hex, string? type) =>
        Assert.Equal(type, Signature.Of(Convert.FromHexString(hex)));

    [Fact]
    public void Should_read_any_bytes_without_harm() =>
        Gen
            .Byte.Array[0, Signature.Bytes]
            .Sample(bytes =>
            {
                Signature.Of(bytes);
                foreach (var type in new[] { "image/png", "image/jpeg", "image/gif", "image/webp" })
                    ImageSize.Of(type, bytes);
            });

    [Theory]
    // Pictures and films must be what they say.
    [InlineData("image/png", "image/png", "image/png")]
    [InlineData("image/png", "image/jpeg", null)]
    [InlineData("image/png", "text/plain", null)]
    [InlineData("image/png", "application/zip", null)]
    [InlineData("image/png", null, null)]
    [InlineData("video/mp4", null, null)]
    [InlineData("video/mp4", "application/pdf", null)]
    [InlineData("image/jpg", "image/jpeg", "image/jpeg")]
    [InlineData("video/quicktime", "video/mp4", "video/mp4")]
    // Those that the table does not know are believed, and never shown in place.
    [InlineData("image/heic", null, "image/heic")]
    [InlineData("image/svg+xml", "text/plain", "image/svg+xml")]
    [InlineData("image/heic", "application/zip", null)]
    // Everything else is by its bytes where they are known.
    [InlineData("text/html", "text/plain", "text/html")]
    [InlineData("text/html", "image/png", "image/png")]
    [InlineData("application/octet-stream", "application/pdf", "application/pdf")]
    [InlineData("application/octet-stream", null, "application/octet-stream")]
    [InlineData("application/octet-stream", "text/plain", "text/plain")]
    [InlineData("application/epub+zip", "application/zip", "application/epub+zip")]
    public void Should_settle_what_was_declared_and_what_was_found(string declared, string? found, string? type) =>
        Assert.Equal(type, MediaType.Settle(declared, found));

    [Theory]
    [InlineData(null, "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    [InlineData("Text/PLAIN; charset=utf-8", "text/plain")]
    [InlineData("text", null)]
    [InlineData("text/", null)]
    [InlineData("/plain", null)]
    [InlineData("text/pl ain", null)]
    [InlineData("text/plain\r\nX-Evil: 1", null)]
    [InlineData("text/<script>", null)]
    [InlineData("text/plain/more", null)]
    public void Should_take_no_type_that_is_none(string? header, string? type) =>
        Assert.Equal(type, MediaType.Parse(header));

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/svg+xml")]
    [InlineData("application/xhtml+xml")]
    [InlineData("application/pdf")]
    [InlineData("application/javascript")]
    [InlineData("text/xml")]
    public void Should_show_nothing_in_place_that_could_run(string type) => Assert.False(MediaType.IsInline(type));

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
