using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>A wire that loses and repeats frames, which the protocol allows, must not show.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DeliveryTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_show_every_message_once_and_in_order_when_frames_are_lost_and_repeated()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("one");
        await bob.OpenAsync("Ann Lee");
        await bob.ShouldSeeAsync("one");

        await bob.Page.RouteWebSocketAsync("**/v1/ws", Mangle);
        await bob.Page.ReloadAsync();
        await bob.ShouldSeeAsync("one");
        await ann.SayAsync("two is lost");
        await Expect(ann.Message("two is lost").Locator(".tick")).ToHaveAttributeAsync("data-tick", "sent");
        await Expect(bob.Message("two is lost")).ToHaveCountAsync(0);

        await ann.SayAsync("three");
        await bob.ShouldSeeAsync("three");
        await ann.SayAsync("four");
        await Expect(ann.Tick("four", "read")).ToBeVisibleAsync();
        Assert.Equal(
            ["one", "two is lost", "three", "four"],
            await bob.Messages.Locator(".text").AllTextContentsAsync()
        );
        Assert.Empty(bob.Complaints);
    }

    // Events go through twice, but one never; answers go through as they are.
    private static void Mangle(IWebSocketRoute page)
    {
        var server = page.ConnectToServer();
        server.OnMessage(frame =>
        {
            var text = frame.Text ?? "";
            var isEvent =
                text.Contains("\"ev\":\"message.created\"", StringComparison.Ordinal)
                && !text.Contains("\"re\":", StringComparison.Ordinal);
            if (isEvent && text.Contains("two is lost", StringComparison.Ordinal))
            {
                return;
            }

            page.Send(text);
            if (isEvent)
            {
                page.Send(text);
            }
        });
    }
}
