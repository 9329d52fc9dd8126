using System.Text.RegularExpressions;
using ChatAi.Testing;
using ChatAi.Testing.Models;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>Words of a real model in the server's own process, on the page.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class LocalModelTests(BrowserStage stage)
{
    // What the page shows of an answer that is still being made; some words of it.
    private const string FirstWords = """
        () => new Promise((resolve) => {
          const look = () => {
            const text = document.querySelector('.msg.run[data-status=running] .text')?.textContent;
            if (!text) return;
            watch.disconnect();
            resolve(text);
          };
          const watch = new MutationObserver(look);
          watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          look();
        })
        """;

    // As fast as a finger can be: presses Stop as soon as the model is at work.
    private const string StopAtOnce = """
        () => new Promise((resolve) => {
          const look = () => {
            const run = document.querySelector('.msg.run[data-status=running]');
            const stop = run?.querySelector('.stop');
            if (!stop) return;
            watch.disconnect();
            stop.click();
            resolve(true);
          };
          const watch = new MutationObserver(look);
          watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          look();
        })
        """;

    [SkippableFact]
    public async Task Should_show_a_real_models_words_as_they_come()
    {
        await using var server = await StartAsync();
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await TalkAsync(ann, bob);

        var firstWords = bob.Page.EvaluateAsync<string>(FirstWords);
        await ann.SayAsync("@AI what do you know of the boats?");
        Assert.NotEmpty(await firstWords);
        await Expect(bob.Page.Locator(".msg.ai:not(.run)")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
    }

    [SkippableFact]
    public async Task Should_stop_a_real_model()
    {
        await using var server = await StartAsync();
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await using var bob = await stage.SignUpAsync("Bob Stone", server: server.Url);
        await TalkAsync(ann, bob);

        // The model reads twenty lines before it says a word: seconds, where a finger needs one.
        var pressed = bob.Page.EvaluateAsync<bool>(StopAtOnce);
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Summary" }).ClickAsync();
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Only for me" }).ClickAsync();
        Assert.True(await pressed);
        await Expect(bob.Page.Locator(".msg.run[data-status=cancelled]")).ToContainTextAsync("Stopped.");
        await bob.ShotAsync("local-model-stopped");
    }

    private static async Task TalkAsync(Person ann, Person bob)
    {
        await ann.MessagePersonAsync(bob.Phone);
        await bob.OpenAsync("Ann Lee");
        for (var i = 1; i <= 20; i++)
            await ann.SayAsync($"Line {i}: the boat number {i} is at the north gate of the lake.");
        await Expect(bob.Message("Line 20: the boat number 20 is at the north gate of the lake.")).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task Should_say_whether_the_model_or_quotes_made_the_answer()
    {
        await using var server = await StartAsync();
        await using var ann = await stage.SignUpAsync("Ann Lee", server: server.Url);
        await ann.ChooseNewAsync("Ask the assistant");
        await ann.SayAsync("Hello! What is the capital of France?");
        await Expect(ann.Page.Locator(".msg.ai .made-by"))
            .ToHaveTextAsync(ByModelOrQuotes(), new() { Timeout = 60_000 });
        Assert.Empty(ann.Complaints);
    }

    [GeneratedRegex(@"^(SmolLM2-135M-Instruct\.Q4_1|quotes, as the model failed)$")]
    private static partial Regex ByModelOrQuotes();

    private async Task<ServerProcess> StartAsync()
    {
        stage.SkipWithoutBrowser();
        var model = SharedModels.Find(SharedModels.Chat);
        Skip.If(model is null, $"No shared/models/{SharedModels.Chat} beside the repository: nothing real to show.");
        var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ChatAi__Ai__Provider"] = "llama",
                ["ChatAi__Ai__ModelPath"] = model!,
            }
        );
        return server;
    }
}
