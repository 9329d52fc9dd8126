using ChatAi.Shared.Domain.Ai.Text;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class WordsTests
{
    [Theory]
    [InlineData("Don't panic, it's 10:30!", "dont panic its 10:30")]
    [InlineData("apt-get install foo_bar 3.14", "apt-get install foo_bar 3.14")]
    [InlineData("see https://example.org/a?b=c now", "see now")]
    [InlineData("ÇOK güzel, ПРИВЕТ", "çok güzel привет")]
    [InlineData("会議は金曜", "会議 議は は金 金曜")]
    [InlineData("猫", "猫")]
    [InlineData("🙂 ... !", "")]
    public void Should_split_into_comparable_words(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Words.Of(text)));

    [Fact]
    public void Should_never_throw_and_give_no_empty_word() =>
        Gen.String.Sample(text => Assert.DoesNotContain("", Words.Of(text)));

    [Theory]
    [InlineData("moved", "moving")]
    [InlineData("meeting", "meetings")]
    [InlineData("certificates", "certificate")]
    [InlineData("Lieferung", "Lieferungen")]
    [InlineData("обновление", "обновления")]
    public void Should_join_inflected_forms(string a, string b) => Assert.Equal(Stem(a), Stem(b));

    private static string Stem(string word) => Stems.Of(word.ToLowerInvariant());
}
