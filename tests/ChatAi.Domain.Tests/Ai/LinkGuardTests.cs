using System.Text;
using System.Text.RegularExpressions;
using ChatAi.Shared.Domain.Ai.Checks;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public sealed partial class LinkGuardTests
{
    private static readonly LinkGuard Guard = LinkGuard.Of("docs.example.org, example.net");
    private static readonly string[] Messages = ["See https://evil.example/known?a=1, and ask Bob.", "nothing here"];

    [Theory]
    [InlineData("See https://evil.example/x.", "See (link removed).")]
    [InlineData("See HTTP://EVIL.EXAMPLE now", "See (link removed) now")]
    [InlineData("![logo](https://evil.example/p.png?q=secret) ok", "logo ok")]
    [InlineData("![](https://evil.example/p.png)", "")]
    [InlineData("[here](https://evil.example/?q=secret) it is", "here it is")]
    [InlineData("[here](/local/path) it is", "here it is")]
    [InlineData("[#12](https://evil.example/)", "[#12]")]
    [InlineData("[a]: https://evil.example/b", "[a]: (link removed)")]
    [InlineData("<https://evil.example/b>", "<(link removed)>")]
    [InlineData("<img src=\"//evil.example/b.png\">", "<img src=\"(link removed)\">")]
    [InlineData("<img src='https:\\\\evil.example\\b'>", "<img src='(link removed)'>")]
    [InlineData("www.evil.example/a", "(link removed)")]
    [InlineData("at evil.example/path?x=1 now", "at (link removed) now")]
    [InlineData("javascript:alert(1)", "(link removed))")]
    [InlineData("data:text/html;base64,AAAA", "(link removed)")]
    [InlineData("mailto:eve@evil.example", "(link removed)")]
    [InlineData("https://docs.example.org@evil.example/", "(link removed)")]
    [InlineData("https://docs.example.org.evil.example/", "(link removed)")]
    [InlineData("https://x.docs.example.org/", "(link removed)")]
    // Known as far as the message goes, and then a secret.
    [InlineData("https://evil.example/known?a=1&q=secret", "(link removed)")]
    [InlineData("https://evil.example/known?a=1", "https://evil.example/known?a=1")]
    [InlineData("https://docs.example.org/a/b?c", "https://docs.example.org/a/b?c")]
    [InlineData("[docs](https://DOCS.example.org/a)", "[docs](https://DOCS.example.org/a)")]
    [InlineData("Lunch is at 12:30 [#2, #3], e.g. soup and/or bread (1.5 l).", null)]
    [InlineData("Ann: \"it is done\" [#4]. Really?", null)]
    [InlineData("The file is src/app.cs", null)]
    public void Should_keep_only_links_that_are_known_or_allowed(string text, string? expected) =>
        Assert.Equal(expected ?? text, Guard.Clean(text, Messages));

    private static readonly string[] Pieces =
    [
        "https://evil.example/x?q=",
        "secret",
        "http",
        "s:",
        "//",
        "evil.example/",
        "www.",
        "![a](",
        ")",
        "[b](",
        " ",
        "\n",
        "word",
        ".",
        "12:30",
        "[#3]",
        "<img src=\"//",
        "\"",
        "javascript:",
        "https://docs.example.org/ok",
    ];

    /// <summary>However the answer is cut into pieces: the same comes out, and no refused host.</summary>
    [Fact]
    public void Should_let_no_host_out_of_a_stream_however_it_is_cut() =>
        Gen.Select(
                Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 12].Select(string.Concat),
                Gen.Int[1, 7].Array[1, 60]
            )
            .Sample(
                (text, sizes) =>
                {
                    var stream = new LinkStream(Guard, Messages);
                    var shown = new StringBuilder();
                    for (int at = 0, i = 0; at < text.Length; i++)
                    {
                        var size = Math.Min(sizes[i % sizes.Length], text.Length - at);
                        shown.Append(stream.Take(text.Substring(at, size)));
                        at += size;
                    }
                    shown.Append(stream.Flush());

                    var whole = new LinkStream(Guard, Messages);
                    Assert.Equal(whole.Take(text) + whole.Flush(), shown.ToString());
                    // The allowed host may have any path.
                    var others = Allowed().Replace(shown.ToString(), "");
                    Assert.DoesNotContain("evil.example/", others, StringComparison.Ordinal);
                },
                iter: 5_000
            );

    [GeneratedRegex(@"https://docs\.example\.org/\S*")]
    private static partial Regex Allowed();

    [Fact]
    public void Should_pass_words_without_links_at_once()
    {
        var stream = new LinkStream(Guard, Messages);
        Assert.Equal("The release is on Friday", stream.Take("The release is on Friday"));
        Assert.Equal(" at noon. See https:", stream.Take(" at noon. See https://docs.exa"));
        Assert.Equal("//docs.example.org/a now", stream.Take("mple.org/a now"));
        Assert.Equal("", stream.Flush());
    }
}
