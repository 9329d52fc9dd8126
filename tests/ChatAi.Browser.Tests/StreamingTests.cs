using ChatAi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>An answer while it grows: the model is scripted, so that each moment can be looked at.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StreamingTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_show_the_answer_growing_to_everyone_and_then_as_one_message()
    {
        stage.SkipWithoutBrowser();
        await using var model = await ScriptedModel.StartAsync();
        await using var server = await StartAsync(model);
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await AskAsync(ann, bob);

        await Expect(Doing(ann)).ToHaveTextAsync("is thinking…");
        model.Say("You meet ");
        await Expect(Answer(ann)).ToHaveTextAsync("You meet ");
        await Expect(Doing(ann)).ToHaveTextAsync("is answering…");
        await Expect(Answer(bob)).ToHaveTextAsync("You meet ");
        model.Say("at noon");
        await Expect(Answer(ann)).ToHaveTextAsync("You meet at noon");
        await ann.ShotAsync("streaming");

        // A page that comes in the middle has missed the beginning and asks for it.
        await bob.Page.ReloadAsync();
        await bob.ShouldBeConnectedAsync();
        model.Say(" at the gate.");
        await Expect(Answer(bob)).ToHaveTextAsync("You meet at noon at the gate.");

        model.End();
        foreach (var person in new[] { ann, bob })
        {
            await Expect(person.Page.Locator(".msg.ai:not(.run) .text")).ToContainTextAsync("You meet at noon");
            await Expect(person.Page.Locator(".msg.run")).ToHaveCountAsync(0);
            await Expect(person.Page.Locator(".msg.ai .made-by")).ToHaveTextAsync("scripted");
            Assert.Empty(person.Complaints);
        }
    }

    [SkippableFact]
    public async Task Should_stop_the_model_on_demand()
    {
        stage.SkipWithoutBrowser();
        await using var model = await ScriptedModel.StartAsync();
        await using var server = await StartAsync(model);
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await AskAsync(ann, bob);
        model.Say("This will take a long");
        await Expect(Answer(ann)).ToHaveTextAsync("This will take a long");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await model.Aborted.WaitAsync(TimeSpan.FromSeconds(10));
        await Expect(ann.Page.Locator(".msg.run[data-status=cancelled]")).ToContainTextAsync("Stopped.");
        await Expect(ann.Page.Locator(".msg.ai:not(.run)")).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task Should_show_who_waits_for_their_turn()
    {
        stage.SkipWithoutBrowser();
        await using var model = await ScriptedModel.StartAsync();
        await using var server = await StartAsync(model);
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await AskAsync(ann, bob);
        await Expect(Doing(bob)).ToHaveTextAsync("is thinking…");
        // A model is asked about what is said in more than one message.
        await bob.SayAsync("I will be at the gate at noon.");

        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Summary" }).ClickAsync();
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Only for me" }).ClickAsync();
        var mine = bob.Page.Locator(".msg.run.private");
        await Expect(mine.Locator(".run-doing")).ToHaveTextAsync("is waiting for its turn…");
        model.Say("You meet at noon at the gate.");
        model.End();
        await Expect(mine.Locator(".run-doing")).ToHaveTextAsync("is thinking…");

        await mine.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(mine).ToHaveAttributeAsync("data-status", "cancelled");
        await mine.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(mine.Locator(".run-doing")).ToHaveTextAsync("is thinking…");
    }

    [SkippableFact]
    public async Task Should_answer_again_on_demand()
    {
        stage.SkipWithoutBrowser();
        await using var model = await ScriptedModel.StartAsync();
        await using var server = await StartAsync(model);
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await AskAsync(ann, bob);
        model.Say("We meet at noon at the gate [#2].");
        model.End();
        var answers = ann.Page.Locator(".msg.ai:not(.run)");
        await Expect(answers).ToHaveCountAsync(1);

        await answers.HoverAsync();
        await answers.GetByRole(AriaRole.Button, new() { Name = "Message actions" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Answer again" }).ClickAsync();
        model.Say("At the gate, ");
        await Expect(Answer(bob)).ToHaveTextAsync("At the gate, ");
        model.Say("we meet at noon [#2].");
        model.End();
        await Expect(answers).ToHaveCountAsync(2);
        await Expect(ann.Page.Locator(".msg.run")).ToHaveCountAsync(0);
        Assert.Empty(ann.Complaints);
    }

    private static ILocator Doing(Person person) => person.Page.Locator(".msg.run[data-status=running] .run-doing");

    private static ILocator Answer(Person person) => person.Page.Locator(".msg.run[data-status=running] .text");

    private static async Task AskAsync(Person ann, Person bob)
    {
        await ann.MessagePersonAsync(bob.Phone);
        await ann.SayAsync("We meet at noon at the gate.");
        await bob.OpenAsync("Ann Lee");
        await ann.SayAsync("@AI when and where do we meet?");
    }

    internal static Task<ServerProcess> StartAsync(ScriptedModel model) =>
        ServerProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ChatAi__Ai__Provider"] = "openai",
                ["ChatAi__Ai__Endpoint"] = model.Endpoint,
                ["ChatAi__Ai__Model"] = "scripted",
                ["ChatAi__Ai__ApiKey"] = "none",
            }
        );
}
