using ChatAi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class AssistantTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_post_a_cited_answer_whose_links_lead_to_the_cited_message()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("The train to the lake leaves at 9:40 from platform 3.");
        for (var i = 1; i <= 20; i++)
        {
            await ann.SayAsync($"Filler {i} so that the first message is out of sight.");
        }

        await Expect(ann.Message("Filler 20 so that the first message is out of sight.")).ToBeInViewportAsync();
        await bob.OpenAsync("Ann Lee");
        await bob.SayAsync("@AI when does the train leave?");

        foreach (var person in new[] { ann, bob })
        {
            var answer = person.Page.Locator(".msg.ai:not(.run)");
            await Expect(answer).ToHaveCountAsync(1);
            await Expect(answer.Locator(".cite").First).ToBeVisibleAsync();
        }

        var cite = bob.Page.Locator(".msg.ai .cite").First;
        var seq = await cite.GetAttributeAsync("data-cite");
        await cite.ClickAsync();
        var cited = bob.Page.Locator($".msg[data-seq='{seq}']");
        await Expect(cited).ToBeInViewportAsync();
        await Expect(cited).ToBeFocusedAsync();
        await ann.ShotAsync("assistant");
        Assert.Empty(ann.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [SkippableFact]
    public async Task Should_show_a_catch_up_to_the_asker_alone()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await using var bob = await stage.SignUpAsync("Bob Stone");
        await ann.MessagePersonAsync(bob.Phone);
        for (var i = 1; i <= 20; i++)
        {
            await ann.SayAsync($"Bring tent number {i}, we meet at the north gate at noon.");
        }

        await Expect(ann.Tick("Bring tent number 20, we meet at the north gate at noon.", "delivered"))
            .ToBeVisibleAsync();
        await bob.OpenAsync("Ann Lee");
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Catch me up" }).ClickAsync();
        var answer = bob.Page.Locator(".msg.run.private[data-status=done]");
        await Expect(answer).ToContainTextAsync("only you see this");
        await Expect(answer).ToContainTextAsync("north gate");

        await bob.SayAsync("thanks");
        await ann.ShouldSeeAsync("thanks");
        await Expect(ann.Page.Locator(".msg.ai")).ToHaveCountAsync(0);
        await answer.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(answer).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task Should_talk_with_the_assistant_alone()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        await ann.ChooseNewAsync("Ask the assistant");
        await ann.SayAsync("Remember that the gate code is 4711.");
        await Expect(ann.Page.Locator(".msg.ai:not(.run)")).ToHaveCountAsync(1);
    }
}
