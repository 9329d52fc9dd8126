using ChatAi.Testing;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class SafetyTests(BrowserStage stage)
{
    private const string Attack = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=2</script>";

    [SkippableFact]
    public async Task Should_show_markup_in_messages_names_and_titles_as_text()
    {
        stage.SkipWithoutBrowser();
        await using var eve = await stage.SignUpAsync("<b onclick=pwned=3>Eve</b>");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await eve.NewGroupAsync("<svg onload=pwned=4>", bob);
        await eve.SayAsync(Attack);

        await bob.OpenAsync("<svg onload=pwned=4>");
        await bob.ShouldSeeAsync(Attack);
        await Expect(bob.Message(Attack).Locator(".sender")).ToHaveTextAsync("<b onclick=pwned=3>Eve</b>");
        foreach (var person in new[] { eve, bob })
        {
            Assert.Equal(0, await person.Page.Locator("img, script:not([src]), b").CountAsync());
            Assert.True(await person.Page.EvaluateAsync<bool>("() => window.pwned === undefined"));
            Assert.Empty(person.Complaints);
        }
    }

    [SkippableFact]
    public async Task Should_be_served_with_a_policy_that_allows_nothing_inline()
    {
        stage.SkipWithoutBrowser();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = stage.Url };
        using var answer = await http.GetAsync("/");
        answer.EnsureSuccessStatusCode();

        var policy = string.Join("; ", answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
    }

    /// <summary>The policy is real: the page itself cannot run what a message might smuggle in.</summary>
    [SkippableFact]
    public async Task Should_refuse_markup_that_a_bug_would_insert()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var outcome = await ann.Page.EvaluateAsync<string>(
            "html => { try { document.body.innerHTML = html; return 'inserted'; } catch (e) { return e.name; } }",
            Attack
        );
        Assert.Equal("TypeError", outcome);
    }
}
