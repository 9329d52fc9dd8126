using System.Globalization;
using System.Text;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;
using CsCheck;

namespace ChatAi.Domain.Tests.Search;

/// <summary>Words, queries and snippets, for texts of any kind.</summary>
public sealed class SearchTextTests
{
    private static readonly string[] Pieces =
    [
        "a",
        "Ab",
        "É",
        "e\u0301",
        "ß",
        "ﬁ",
        "Ａ",
        "東",
        "京",
        "タ",
        "ー",
        "ก",
        "ี",
        "서",
        "👍",
        "🏽",
        "👨‍👩‍👧",
        "🇩🇪",
        "𝐀",
        "𠀀",
        " ",
        "\n",
        ".",
        "-",
        "\"",
        "'",
        "\u200d",
        "\u00ad",
        "\ud800",
        "\udc00",
        "7",
        "ا",
        "\u064e",
        "İ",
        "word",
        "_",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Select(string.Concat),
        Gen.String[0, 60]
    );

    [Theory]
    [InlineData("Crème Brûlée", "creme brulee")]
    [InlineData("STRASSE Straße", "strasse strasse")]
    [InlineData("e\u0301te\u0301 ﬁn Ｗｉｄｅ", "ete fin wide")]
    [InlineData("Łódź Ærø İstanbul ılık", "lodz aero istanbul ilik")]
    [InlineData("Ёлка Σίσυφος", "елка σισυφοσ")]
    [InlineData("don't 2.6", "don t 2 6")]
    [InlineData("東京都", "東京 京都 都")]
    [InlineData("東", "東")]
    [InlineData("iPhone買った", "iphone 買っ った た")]
    [InlineData("がか", "がか か")]
    [InlineData("👍🏽ok", "👍 ok")]
    [InlineData("नमस्ते", "नमस्ते")]
    [InlineData("!? …", "")]
    public void Should_split(string text, string terms) =>
        Assert.Equal(terms, string.Join(' ', SearchTokens.Of(text).Select(t => t.Term)));

    [Fact]
    public void Should_make_tokens_of_letters_digits_marks_and_symbols_in_order() =>
        Texts.Sample(text =>
        {
            var tokens = SearchTokens.Of(text);
            var start = 0;
            foreach (var token in tokens)
            {
                Assert.InRange(token.Start, start, text.Length - 1);
                Assert.InRange(token.End, token.Start + 1, text.Length);
                start = token.Start;
                Assert.InRange(token.Term.Length, 1, SearchTokens.LongestTerm);
                Assert.True(TextRules.IsStorable(token.Term), token.Term);
                Assert.All(token.Term.EnumerateRunes(), r => Assert.True(IsPlain(r), $"U+{r.Value:X}"));
                // What comes out goes in unchanged.
                Assert.Equal(token.Term, SearchTokens.Of(token.Term)[0].Term);
            }
        });

    [Fact]
    public void Should_find_every_text_by_itself_and_by_its_words() =>
        Texts.Sample(text =>
        {
            var query = SearchQuery.Parse(text);
            Assert.Equal(query.IsEmpty, SearchTokens.Of(text).Count == 0);
            if (!query.IsEmpty)
                Assert.NotNull(query.Match(text));
            foreach (var token in SearchTokens.Of(text))
                Assert.NotNull(SearchQuery.Parse(token.Term).Match(text));
        });

    [Fact]
    public void Should_mark_ranges_that_match_alone() =>
        Gen.Select(Texts, Texts)
            .Sample(
                (text, other) =>
                {
                    if (SearchQuery.Parse(other).Match(text) is not { } ranges)
                        return;
                    for (var i = 0; i < ranges.Count; i++)
                    {
                        Assert.InRange(ranges[i].Start, i == 0 ? 0 : ranges[i - 1].End, text.Length - 1);
                        Assert.InRange(ranges[i].End, ranges[i].Start + 1, text.Length);
                    }
                }
            );

    [Fact]
    public void Should_cut_snippets_between_characters_with_the_first_mark_in_it() =>
        Gen.Select(Texts, Texts, Texts)
            .Sample(
                (before, middle, after) =>
                {
                    var text = string.Concat(before, before, before, " needle ", middle, after, after, after);
                    if (!TextRules.IsStorable(text))
                        return;
                    var found = SearchQuery.Parse("needle").Match(text)!;
                    var snippet = Snippet.Of(text, found);
                    Assert.InRange(snippet.Text.Length, 1, Snippet.Length);
                    Assert.True(TextRules.IsStorable(snippet.Text));
                    Assert.NotEmpty(snippet.Marks);
                    Assert.Equal("needle", snippet.Text[snippet.Marks[0].Start..snippet.Marks[0].End]);
                    var inner = snippet.Text.Trim('…');
                    var flat = string.Concat(text.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) ? ' ' : c));
                    Assert.Contains(inner, flat, StringComparison.Ordinal);
                    Assert.Equal(
                        text.Length <= Snippet.Length,
                        snippet.Text.Length == text.Length && inner == flat.Trim('…')
                    );
                }
            );

    [Fact]
    public void Should_never_cut_through_a_family_or_a_flag()
    {
        foreach (var one in new[] { "👨‍👩‍👧", "🇩🇪", "e\u0301", "👍🏽" })
        {
            var text =
                string.Concat(Enumerable.Repeat(one, 60)) + " needle " + string.Concat(Enumerable.Repeat(one, 60));
            var snippet = Snippet.Of(text, SearchQuery.Parse("needle").Match(text)!);
            var parts = snippet.Text.Trim('…').Split(" needle ");
            Assert.All(parts, part => Assert.Empty(part.Replace(one, "", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("fin", "finding", true)]
    [InlineData("fin thing", "finding a thing", false)]
    [InlineData("\"fin\"", "finding", false)]
    [InlineData("f", "finding", false)]
    [InlineData("\"a b\" c", "c a b", true)]
    [InlineData("\"b a\"", "a b", false)]
    [InlineData("\"東京 タワー\"", "東京 タワー", true)]
    [InlineData("\"東京 タワー\"", "タワー 東京", false)]
    [InlineData("「東京」", "私の東京です", true)]
    public void Should_match(string query, string text, bool matches) =>
        Assert.Equal(matches, SearchQuery.Parse(query).Match(text) is not null);

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.OtherSymbol
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber
        || Rune.IsLetterOrDigit(rune)
        || rune.Value is 0x30fc or 0x30fb or 0x309b or 0x309c;
}
