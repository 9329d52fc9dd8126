using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>axe-core finds nothing wrong with names, roles and contrast, in light and in dark.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(BrowserStage stage)
{
    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_have_no_accessibility_violations(ColorScheme scheme)
    {
        stage.SkipWithoutBrowser();
        var options = new BrowserNewContextOptions { ColorScheme = scheme, BypassCSP = true };
        await using var ann = await Person.ArriveAsync(stage.Browser, stage.Url, "Ann Lee", options);
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await CheckAsync(ann, "sign-in");

        await ann.SignInAsync();
        await ann.NewGroupAsync("Lake trip", bob);
        await ann.SayAsync("Who brings what? @AI knows.");
        await bob.OpenAsync("Lake trip");
        await bob.SayAsync("I have a tent.");
        await ann.ShouldSeeAsync("I have a tent.");
        await Expect(ann.Page.Locator(".msg.ai:not(.run)")).ToHaveCountAsync(1);
        await Expect(ann.Page.Locator(".msg.ai .made-by")).ToHaveTextAsync("quotes");
        await CheckAsync(ann, "chat");

        await ann.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a conversation" }).FillAsync("ten");
        await Expect(ann.Page.Locator(".hit mark")).ToHaveTextAsync(["tent"]);
        await CheckAsync(ann, "search");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Bob Stone");
        await CheckAsync(ann, "details");
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_have_none_while_an_answer_grows_and_after_it_was_stopped(ColorScheme scheme)
    {
        stage.SkipWithoutBrowser();
        await using var model = await ScriptedModel.StartAsync();
        await using var server = await StreamingTests.StartAsync(model);
        var options = new BrowserNewContextOptions { ColorScheme = scheme, BypassCSP = true };
        await using var ann = await stage.SignUpAsync("Ann Lee", options, server.Url);
        await ann.ChooseNewAsync("Ask the assistant");
        await ann.SayAsync("When do we meet?");
        model.Say("You meet at noon");
        var run = ann.Page.Locator(".msg.run");
        await Expect(run.Locator(".text")).ToHaveTextAsync("You meet at noon");
        await CheckAsync(ann, "growing");
        await run.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(run).ToHaveAttributeAsync("data-status", "cancelled");
        await CheckAsync(ann, "stopped");
    }

    private static async Task CheckAsync(Person person, string where)
    {
        var result = await person.Page.RunAxe();
        var violations = result.Violations.SelectMany(v => v.Nodes.Select(n => $"{where}: {v.Id}: {n.Html}"));
        Assert.Empty(violations);
    }
}
