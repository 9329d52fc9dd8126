using System.Text.RegularExpressions;
using ChatAi.Testing;

namespace ChatAi.Browser.Tests;

/// <summary>What the page's files must never contain, since text of strangers passes through them.</summary>
public sealed partial class SourceTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Find(), "src", "ChatNode", "wwwroot");

    public static TheoryData<string> Scripts() =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.js", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Folder, f)),
        ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Should_never_turn_text_into_markup_or_code(string script)
    {
        var found = Sinks().Matches(File.ReadAllText(Path.Combine(Folder, script)));
        Assert.Empty(found.Select(m => m.Value));
    }

    [Fact]
    public void Should_have_no_inline_script_or_style_and_no_foreign_address()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "index.html"));
        Assert.DoesNotMatch(Inline(), page);
        Assert.DoesNotMatch(Foreign(), page);
    }

    [GeneratedRegex(
        @"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|DOMParser|document\.write|eval\(|new Function)|setTimeout\(\s*['""`]",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Sinks();

    [GeneratedRegex(
        @"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Inline();

    [GeneratedRegex(@"(src|href)=""(https?:)?//", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Foreign();
}
