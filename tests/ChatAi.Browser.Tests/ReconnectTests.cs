using ChatAi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class ReconnectTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_deliver_exactly_once_what_was_written_while_the_server_was_dead()
    {
        stage.SkipWithoutBrowser();
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("before");
        await bob.OpenAsync("Ann Lee");
        await bob.ShouldSeeAsync("before");

        server.Kill9();
        await Expect(ann.Page.Locator(".connection")).ToContainTextAsync("No connection");
        await ann.SayAsync("first while away");
        await ann.SayAsync("second while away");
        await Expect(ann.Tick("second while away", "sending")).ToBeVisibleAsync();
        await ann.ShotAsync("offline");

        await server.RestartAsync();
        await ann.ShouldBeConnectedAsync();
        await bob.ShouldBeConnectedAsync();
        await Expect(ann.Tick("second while away", "read")).ToBeVisibleAsync();
        await ann.SayAsync("after");
        await bob.ShouldSeeAsync("after");

        string[] expected = ["before", "first while away", "second while away", "after"];
        Assert.Equal(expected, await bob.Messages.Locator(".text").AllTextContentsAsync());
        Assert.Equal(expected, await ann.Messages.Locator(".text").AllTextContentsAsync());
        var stored = await (await ann.ApiAsync()).MessagesAsync(ann.OpenChatId, after: 0);
        Assert.Equal(expected, stored.Messages.Select(m => m.Text));
    }

    /// <summary>The worst moment: the server has the message, its answer never arrives, and the page is reloaded.</summary>
    [SkippableFact]
    public async Task Should_not_double_a_message_whose_answer_was_lost_before_a_reload()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("before");
        await bob.OpenAsync("Ann Lee");
        await bob.ShouldSeeAsync("before");

        var deaf = true;
        await ann.Page.RouteWebSocketAsync("**/v1/ws", route => Deafen(route, () => deaf));
        await ann.Page.ReloadAsync();
        await ann.ShouldBeConnectedAsync();
        await ann.ShouldSeeAsync("before");
        await ann.SayAsync("only once");
        await bob.ShouldSeeAsync("only once");
        await Expect(ann.Tick("only once", "sending")).ToBeVisibleAsync();

        deaf = false;
        await ann.Page.ReloadAsync();
        await Expect(ann.Tick("only once", "read")).ToBeVisibleAsync();
        await ann.SayAsync("after");
        await bob.ShouldSeeAsync("after");
        Assert.Equal(["before", "only once", "after"], await bob.Messages.Locator(".text").AllTextContentsAsync());
        Assert.Equal(["before", "only once", "after"], await ann.Messages.Locator(".text").AllTextContentsAsync());
        Assert.Equal(
            0,
            await ann.Page.EvaluateAsync<int>(
                "() => Object.keys(localStorage).filter(k => k.includes('outbox')).length"
            )
        );
    }

    // Passes everything on, but while deaf nothing that tells the page about the message it sent.
    private static void Deafen(IWebSocketRoute page, Func<bool> deaf)
    {
        var server = page.ConnectToServer();
        server.OnMessage(frame =>
        {
            var text = frame.Text ?? "";
            if (
                !deaf()
                || !(
                    text.Contains("\"dup\"", StringComparison.Ordinal)
                    || text.Contains("only once", StringComparison.Ordinal)
                )
            )
            {
                page.Send(text);
            }
        });
    }

    [SkippableFact]
    public async Task Should_lead_to_the_sign_in_page_when_the_device_is_revoked()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var api = await ann.ApiAsync();
        var device = Assert.Single((await api.DevicesAsync()).Devices);
        await api.RevokeDeviceAsync(device.Id);

        await Expect(ann.Page.GetByLabel("Phone number")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("signed out");
    }
}
