using System.Globalization;
using System.Text;
using ChatAi.Shared.Domain.Attachments;
using CsCheck;

namespace ChatAi.Domain.Tests.Attachments;

public sealed class FileNameTests
{
    // Any text, half of it out of what is meant to do harm.
    private static readonly Gen<string> Hostile = Gen.OneOf(
            Gen.String,
            OneOf("../", "..\\", "/", "\\", "\0", "\n", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\u3164"),
            OneOf("C:", "a.png", ".", " ", "…", "\U0001F600", "é", new string('n', 300), ".tar.gz")
        )
        .Array[0, 8]
        .Select(string.Concat);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void Should_make_a_harmless_name_of_any_text() =>
        Hostile.Sample(given =>
        {
            var name = FileName.Clean(given);
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, FileName.MostBytes);
            Assert.Equal(name, FileName.Clean(name));
            Assert.Equal(-1, name.IndexOfAny(['/', '\\', ':', '"', '<', '>']));
            Assert.Equal(name, name.Trim());
            Assert.NotEqual("", name.Trim('.', ' '));
            foreach (var rune in name.EnumerateRunes())
            {
                Assert.NotEqual(Rune.ReplacementChar, rune);
                Assert.False(
                    Rune.GetUnicodeCategory(rune)
                        is UnicodeCategory.Control
                            or UnicodeCategory.Format
                            or UnicodeCategory.LineSeparator
                            or UnicodeCategory.ParagraphSeparator
                );
            }
        });

    [Theory]
    [InlineData("holiday.png", "holiday.png")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\ann\\a.txt", "a.txt")]
    [InlineData("invoice\u202egnp.exe", "invoicegnp.exe")]
    [InlineData("line\r\nbreak.txt", "linebreak.txt")]
    [InlineData("a\u2028b.txt", "a b.txt")]
    [InlineData("name. . ", "name")]
    [InlineData("..", "file")]
    [InlineData("\u3164\u3164", "file")]
    [InlineData("a/", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData("Prüfung – 検査.pdf", "Prüfung – 検査.pdf")]
    public void Should_keep_what_a_person_reads(string? given, string expected) =>
        Assert.Equal(expected, FileName.Clean(given));

    [Fact]
    public void Should_cut_a_long_name_between_characters_and_keep_its_end()
    {
        var name = FileName.Clean(new string('é', 200) + ".jpeg");
        Assert.Equal(new string('é', 125) + ".jpeg", name);
        Assert.Equal(255, Encoding.UTF8.GetByteCount(name));
    }
}
