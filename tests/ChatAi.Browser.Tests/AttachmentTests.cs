using ChatAi.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>Files chosen, pasted and dropped; shown to the other; gone with their message.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AttachmentTests(BrowserStage stage)
{
    private static FilePayload Picture(string name, int width = 320, int height = 200) =>
        new()
        {
            Name = name,
            MimeType = "image/png",
            Buffer = Pictures.Png(width, height),
        };

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_send_pictures_and_files_that_the_other_sees_and_may_save(ColorScheme scheme)
    {
        stage.SkipWithoutBrowser();
        var options = new BrowserNewContextOptions { ColorScheme = scheme, BypassCSP = true };
        await using var ann = await stage.SignUpAsync("Ann Lee", options);
        // With the policy of the page in force.
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);

        await ann
            .Page.Locator("input[type=file]")
            .SetInputFilesAsync([
                Picture("lake.png"),
                new()
                {
                    Name = "plan.txt",
                    MimeType = "text/plain",
                    Buffer = "We meet at noon."u8.ToArray(),
                },
            ]);
        await Expect(ann.Page.Locator(".tray li")).ToHaveCountAsync(2);
        await Expect(ann.Page.Locator(".tray progress")).ToHaveCountAsync(0);
        await CheckAsync(ann, "tray");
        await ann.SayAsync("Look");
        await Expect(ann.Page.Locator(".tray")).ToBeHiddenAsync();

        await bob.OpenAsync("Ann Lee");
        var picture = bob.Page.GetByAltText("lake.png");
        await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 320);
        Assert.StartsWith("blob:", await picture.GetAttributeAsync("src"), StringComparison.Ordinal);
        await Expect(bob.Row("Ann Lee")).ToContainTextAsync("📎 Look");
        var download = await bob.Page.RunAndWaitForDownloadAsync(() =>
            bob.Page.Locator(".file-card", new() { HasText = "plan.txt" }).ClickAsync()
        );
        Assert.Equal("plan.txt", download.SuggestedFilename);
        Assert.Equal("We meet at noon.", await File.ReadAllTextAsync(await download.PathAsync()));
        await Expect(ann.Page.GetByAltText("lake.png")).ToHaveJSPropertyAsync("naturalWidth", 320);
        await CheckAsync(ann, "message");
        Assert.Empty(bob.Complaints);
    }

    [SkippableFact]
    public async Task Should_take_what_is_pasted_and_dropped_and_let_go_of_what_is_removed()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        foreach (var (kind, target, name) in new[] { ("paste", "#composer", "a.txt"), ("drop", ".log", "b.txt") })
            await ann.Page.EvaluateAsync(
                """
                ([kind, target, name]) => {
                  const data = new DataTransfer();
                  data.items.add(new File(['hello'], name, { type: 'text/plain' }));
                  const init = { bubbles: true, cancelable: true };
                  document.querySelector(target).dispatchEvent(
                    kind === 'paste'
                      ? new ClipboardEvent('paste', { ...init, clipboardData: data })
                      : new DragEvent('drop', { ...init, dataTransfer: data }),
                  );
                }
                """,
                new[] { kind, target, name }
            );
        await Expect(ann.Page.Locator(".tray li")).ToHaveCountAsync(2);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Remove a.txt" }).ClickAsync();
        await Expect(ann.Page.Locator(".tray li")).ToHaveCountAsync(1);
        await Expect(ann.Page.Locator(".tray progress")).ToHaveCountAsync(0);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await bob.OpenAsync("Ann Lee");
        await Expect(bob.Page.Locator(".file-card .file-name")).ToHaveTextAsync("b.txt");
        await Expect(bob.Row("Ann Lee")).ToContainTextAsync("📎 b.txt");

        await ann.Page.Locator(".msg.own .msg-more").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await Expect(bob.Page.Locator(".file-card")).ToHaveCountAsync(0);
        Assert.Empty(ann.Complaints);
        Assert.Empty(bob.Complaints);
    }

    private static async Task CheckAsync(Person person, string where)
    {
        var result = await person.Page.RunAxe();
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{where}: {v.Id}: {n.Html}")));
    }
}
