using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class ConversationTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_carry_messages_both_ways_with_ticks_up_to_read()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");

        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("Are we still on for Saturday?");
        await Expect(ann.Tick("Are we still on for Saturday?", "delivered")).ToBeVisibleAsync();

        await Expect(bob.Row("Ann Lee")).ToContainTextAsync("Are we still on for Saturday?");
        await Expect(bob.Row("Ann Lee").Locator(".badge")).ToContainTextAsync("1");
        await Expect(bob.Page).ToHaveTitleAsync("(1) ChatAi");
        await bob.OpenAsync("Ann Lee");
        await bob.ShouldSeeAsync("Are we still on for Saturday?");
        await Expect(ann.Tick("Are we still on for Saturday?", "read")).ToBeVisibleAsync();
        await Expect(bob.Page).ToHaveTitleAsync("ChatAi");

        await bob.SayAsync("Yes, the forecast is fine.");
        await ann.ShouldSeeAsync("Yes, the forecast is fine.");
        await Expect(bob.Tick("Yes, the forecast is fine.", "read")).ToBeVisibleAsync();
        Assert.Empty(ann.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [SkippableFact]
    public async Task Should_show_who_is_typing_and_who_is_there()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("hello");
        await bob.OpenAsync("Ann Lee");
        var status = ann.Page.Locator(".chat-head .status");
        await Expect(status).ToHaveTextAsync("online");

        await bob.Composer.PressSequentiallyAsync("I am thinking");
        await Expect(status).ToHaveTextAsync("typing…");
        await Expect(ann.Row("Bob Stone")).ToContainTextAsync("typing…");
        await bob.Composer.PressAsync("Enter");
        await ann.ShouldSeeAsync("I am thinking");
        await Expect(status).ToHaveTextAsync("online");
    }

    [SkippableFact]
    public async Task Should_show_a_group_with_its_name_its_history_lines_and_the_assistants_switch()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await using var cia = await stage.SignUpAsync("Cia Roth");
        await ann.NewGroupAsync("Lake trip", bob, cia);
        await Expect(ann.Log).ToContainTextAsync("You created the group “Lake trip”");
        await ann.SayAsync("Who brings what?");

        await bob.OpenAsync("Lake trip");
        await Expect(bob.Log).ToContainTextAsync("Ann Lee created the group “Lake trip”");
        await Expect(bob.Message("Who brings what?").Locator(".sender")).ToHaveTextAsync("Ann Lee");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Switch, new() { Name = "Assistant" }).ClickAsync();
        await Expect(bob.Log).ToContainTextAsync("Ann Lee turned the assistant off");
        await Expect(bob.Page.GetByRole(AriaRole.Button, new() { Name = "Catch up" })).ToBeHiddenAsync();

        await cia.OpenAsync("Lake trip");
        await cia.SayAsync("The boat.");
        await Expect(bob.Message("The boat.").Locator(".sender")).ToHaveTextAsync("Cia Roth");
        Assert.Empty(ann.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [SkippableFact]
    public async Task Should_block_a_person_and_take_them_back()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await bob.MessagePersonAsync(ann.Phone);
        await bob.SayAsync("hello");
        await ann.OpenAsync("Bob Stone");
        await ann.ShouldSeeAsync("hello");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        var blocked = ann.Page.GetByRole(AriaRole.Switch, new() { Name = "Blocked" });

        await blocked.ClickAsync();
        await Expect(blocked).ToBeCheckedAsync();
        await bob.Composer.FillAsync("are you there?");
        await bob.Composer.PressAsync("Enter");
        await Expect(bob.Page.GetByText("Not sent: This person does not take messages from you.")).ToBeVisibleAsync();

        await blocked.ClickAsync();
        await Expect(blocked).Not.ToBeCheckedAsync();
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await ann.ShouldSeeAsync("are you there?");
        Assert.Empty(ann.Complaints);
    }

    [SkippableFact]
    public async Task Should_quote_the_message_that_a_reply_answers()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("Train or car?");
        await ann.SayAsync("And when?");
        await bob.OpenAsync("Ann Lee");

        await ChooseAsync(bob, "Train or car?", "Reply");
        await bob.SayAsync("Train.");

        await Expect(ann.Message("Train.").Locator(".quote")).ToContainTextAsync("Train or car?");
    }

    [SkippableFact]
    public async Task Should_show_edits_reactions_and_deletions_to_both()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("Lunch at noo");
        await bob.OpenAsync("Ann Lee");

        await ChooseAsync(ann, "Lunch at noo", "Edit");
        await ann.SayAsync("Lunch at noon");
        await Expect(bob.Message("Lunch at noon")).ToContainTextAsync("edited");

        await ChooseAsync(bob, "Lunch at noon", "React…");
        await bob.Page.GetByRole(AriaRole.Menuitem, new() { Name = "👍" }).ClickAsync();
        await Expect(ann.Message("Lunch at noon").Locator(".reaction")).ToHaveTextAsync("👍");

        await ChooseAsync(ann, "Lunch at noon", "Delete");
        await bob.ShouldSeeAsync("This message was deleted");
        await Expect(bob.Message("Lunch at noon")).ToHaveCountAsync(0);
        Assert.Empty(ann.Complaints);
        Assert.Empty(bob.Complaints);
    }

    private static async Task ChooseAsync(Person person, string text, string action)
    {
        await person.Message(text).HoverAsync();
        await person.Message(text).GetByRole(AriaRole.Button, new() { Name = "Message actions" }).ClickAsync();
        await person.Page.GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }

    [SkippableFact]
    public async Task Should_stay_signed_in_over_a_reload_and_be_signed_out_for_good()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await ann.Page.ReloadAsync();
        await ann.ShouldBeConnectedAsync();

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Your profile and devices" }).ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("this one");
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(ann.Page.GetByLabel("Phone number")).ToBeVisibleAsync();
        await ann.Page.ReloadAsync();
        await Expect(ann.Page.GetByLabel("Phone number")).ToBeVisibleAsync();
    }
}
