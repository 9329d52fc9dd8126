using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>From sign-in to a reply without a pointer.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KeyboardTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_be_usable_by_keyboard_alone()
    {
        stage.SkipWithoutBrowser();
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await using var ann = await Person.ArriveAsync(stage.Browser, stage.Url, "Ann Lee");
        var keys = ann.Page.Keyboard;

        await Expect(ann.Page.GetByLabel("Phone number")).ToBeFocusedAsync();
        await TypeAsync(keys, ann.Phone);
        await Expect(ann.Page.GetByLabel("Your name")).ToBeFocusedAsync();
        await TypeAsync(keys, "Ann Lee");
        await ann.ShouldBeConnectedAsync();

        await TabToAsync(ann, ann.Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }));
        await keys.PressAsync("Enter");
        await Expect(ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Message a person" })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(ann.Page.GetByRole(AriaRole.Dialog).GetByLabel("Phone number")).ToBeFocusedAsync();
        await TypeAsync(keys, bob.Phone);

        await Expect(ann.Composer).ToBeFocusedAsync();
        await TypeAsync(keys, "typed blind");
        await bob.OpenAsync("Ann Lee");
        await bob.SayAsync("heard you");
        await ann.ShouldSeeAsync("heard you");

        await TabToAsync(ann, ann.Log, "Shift+Tab");
        await keys.PressAsync("ArrowUp");
        await Expect(ann.Message("heard you")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Reply" })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(ann.Composer).ToBeFocusedAsync();
        await TypeAsync(keys, "a reply");
        await Expect(bob.Message("a reply").Locator(".quote")).ToContainTextAsync("heard you");
    }

    private static async Task TypeAsync(IKeyboard keys, string text)
    {
        await keys.TypeAsync(text);
        await keys.PressAsync("Enter");
    }

    /// <summary>Tabs until the target has the focus, and insists that every stop on the way can be seen.</summary>
    private static async Task TabToAsync(Person person, ILocator target, string key = "Tab")
    {
        for (var i = 0; i < 25; i++)
        {
            await person.Page.Keyboard.PressAsync(key);
            Assert.True(
                await person.Page.EvaluateAsync<bool>(
                    """
                    () => {
                      const at = document.activeElement;
                      const ringed = (el) => el && getComputedStyle(el).boxShadow !== 'none';
                      return at === document.body || ringed(at) || ringed(at.parentElement);
                    }
                    """
                ),
                "The focus must be visible wherever it goes."
            );
            if (await target.EvaluateAsync<bool>("el => el === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{target} cannot be reached with {key}.");
    }
}
