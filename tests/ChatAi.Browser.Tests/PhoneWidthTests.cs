using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class PhoneWidthTests(BrowserStage stage)
{
    private static BrowserNewContextOptions Phone =>
        new()
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            HasTouch = true,
            IsMobile = true,
        };

    [SkippableFact]
    public async Task Should_show_one_pane_at_a_time_with_a_way_back()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee", Phone);
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await bob.MessagePersonAsync(ann.Phone);
        await bob.SayAsync(new string('w', 300));

        var list = ann.Page.GetByRole(AriaRole.Navigation, new() { Name = "Conversations" });
        await ann.Row("Bob Stone").TapAsync();
        await Expect(list).ToBeHiddenAsync();
        await ann.SayAsync("short answer");
        await bob.ShouldSeeAsync("short answer");
        await FitsAsync(ann);

        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Back to conversations" }).TapAsync();
        await Expect(list).ToBeVisibleAsync();
        await Expect(ann.Composer).ToBeHiddenAsync();
        await bob.SayAsync(new string('w', 300));
        await Expect(ann.Row("Bob Stone")).ToContainTextAsync("www");
        await FitsAsync(ann);

        await ann.Row("Bob Stone").TapAsync();
        await ann.Page.GoBackAsync();
        await Expect(list).ToBeVisibleAsync();
        Assert.Empty(ann.Complaints);
    }

    private static async Task FitsAsync(Person person) =>
        Assert.Empty(
            await person.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('.shell *')]
                  .filter((el) => el.checkVisibility() && el.getBoundingClientRect().right > 390.5)
                  .map((el) => el.className)
                """
            )
        );
}
