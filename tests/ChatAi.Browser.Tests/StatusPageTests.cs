using ChatAi.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>The operators' page: what it shows is what happens, and what it does happens.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StatusPageTests(BrowserStage stage)
{
    private const string Token = "operators-only-0123456789";

    [SkippableFact]
    public async Task Should_show_the_cluster_live_and_do_what_operators_ask()
    {
        stage.SkipWithoutBrowser();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Admin__Token"] = Token }
        );
        await using var context = await stage.Browser.NewContextAsync(
            new BrowserNewContextOptions { ColorScheme = ColorScheme.Light, BypassCSP = false }
        );
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, line) =>
        {
            // A refused call is one of the things that are tried here.
            if (line.Type is "error" or "warning" && !line.Text.Contains("401", StringComparison.Ordinal))
                complaints.Add(line.Text);
        };
        await page.GotoAsync(new Uri(server.Url, "/status").ToString());

        await SignInAsync(page, "not-the-token-at-all");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That is not the token.");
        await SignInAsync(page, Token);

        var row = page.Locator("tr[data-node]");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator(".state")).ToHaveTextAsync("up");
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        await using var socket = await ann.ConnectAsync();
        await Expect(page.Locator("[data-figure=connections]")).ToHaveTextAsync("1");

        // By keyboard alone: Escape says no, then Tab to yes.
        await row.GetByRole(AriaRole.Button, new() { Name = "Drain" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(row.Locator(".state")).ToHaveTextAsync("drained");
        Assert.Equal(4001, (await socket.Closed.WaitAsync(ChatClient.Patience)).Code);
        await row.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(row.Locator(".state")).ToHaveTextAsync("up");

        var assistant = page.GetByRole(AriaRole.Switch);
        await Expect(assistant).ToHaveAttributeAsync("aria-checked", "true");
        await assistant.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Expect(assistant).ToHaveAttributeAsync("aria-checked", "false");

        var log = page.GetByRole(AriaRole.Region, new() { Name = "Audit log" });
        foreach (var action in new[] { "node.drain", "node.undrain", "ai.off" })
            await Expect(log.GetByRole(AriaRole.Cell, new() { Name = action, Exact = true })).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(row).ToHaveCountAsync(1);
        Assert.Empty(complaints);
        // Kept for the tab alone.
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + document.cookie.length"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("sessionStorage.length"));
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_have_no_accessibility_violations(ColorScheme scheme)
    {
        stage.SkipWithoutBrowser();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Admin__Token"] = Token }
        );
        await using var context = await stage.Browser.NewContextAsync(
            new BrowserNewContextOptions { ColorScheme = scheme, BypassCSP = true }
        );
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Url, "/status").ToString());
        await CheckAsync(page, "sign-in");
        await SignInAsync(page, Token);
        await Expect(page.Locator("tr[data-node] .state")).ToHaveTextAsync("up");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sweep" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "summaries.sweep" })).ToHaveCountAsync(1);
        await CheckAsync(page, "cluster");
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await CheckAsync(page, "question");
        if (Environment.GetEnvironmentVariable("CHATAI_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.Keyboard.PressAsync("Escape");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"status-{scheme}.png"), FullPage = true });
        }
    }

    private static async Task SignInAsync(IPage page, string token)
    {
        await page.GetByLabel("The operators' token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
    }

    private static async Task CheckAsync(IPage page, string where)
    {
        var result = await page.RunAxe();
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{where}: {v.Id}: {n.Html}")));
    }
}
