using ChatAi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class HistoryTests(BrowserStage stage)
{
    [SkippableFact]
    public async Task Should_load_older_messages_by_scrolling_up_and_keep_the_readers_place()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var api = await ann.ApiAsync();
        var other = await TestUser.SignUpAsync(ann.Server, "Other");
        await FillAsync(ann, api, await other.Api.MeAsync(), 130);
        await ann.OpenAsync("Archive");
        await Expect(ann.Message("line 130")).ToBeInViewportAsync();
        await Expect(ann.Message("line 31")).ToHaveCountAsync(0);

        await ann.Message("line 81").ScrollIntoViewIfNeededAsync();
        await Expect(ann.Message("line 31")).ToHaveCountAsync(1);
        await Expect(ann.Message("line 81")).ToBeInViewportAsync();
        await ann.Message("line 31").ScrollIntoViewIfNeededAsync();
        await Expect(ann.Message("line 1")).ToHaveCountAsync(1);
        Assert.Equal(
            Enumerable.Range(1, 130).Select(i => $"line {i}"),
            await ann.Messages.Locator(".text").AllTextContentsAsync()
        );

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "To the newest message" }).ClickAsync();
        await Expect(ann.Message("line 130")).ToBeInViewportAsync();
        Assert.Empty(ann.Complaints);
    }

    [SkippableFact]
    public async Task Should_find_a_message_and_show_it_in_its_chat()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var api = await ann.ApiAsync();
        var other = await TestUser.SignUpAsync(ann.Server, "Other");
        var chat = await FillAsync(ann, api, await other.Api.MeAsync(), 130);
        await api.SendAsync(chat.Id, "<b>Not</b> markup");

        await ann.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a conversation" }).FillAsync("line 12");
        await Expect(ann.Page.Locator(".hit mark").First).ToHaveTextAsync("line");
        var hit = ann.Page.Locator(".hit", new() { HasText = "line 12" }).Last;
        await Expect(hit).ToContainTextAsync("Archive");
        await Expect(hit).ToContainTextAsync("Ann Lee: line 12");
        await hit.ClickAsync();
        await Expect(ann.Message("line 12")).ToBeInViewportAsync();
        await Expect(ann.Message("line 12")).ToBeFocusedAsync();

        await ann.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a conversation" }).FillAsync("markup");
        await Expect(ann.Page.Locator(".hit")).ToContainTextAsync("<b>Not</b> markup");
        await ann.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a conversation" }).FillAsync("qqxyzzy");
        await Expect(ann.Page.GetByText("No message with these words.")).ToBeVisibleAsync();
        Assert.Empty(ann.Complaints);
    }

    /// <summary>What was not seen is not read: else there would be nothing left to catch up with.</summary>
    [SkippableFact]
    public async Task Should_open_where_the_new_messages_begin_and_read_them_only_when_seen()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var other = await TestUser.SignUpAsync(ann.Server, "Other");
        await using var watcher = await other.ConnectAsync();
        var chat = await FillAsync(ann, other.Api, await (await ann.ApiAsync()).MeAsync(), 40);
        await ann.OpenAsync("Archive");
        await Expect(ann.Page.Locator(".new-mark")).ToBeInViewportAsync();
        await Expect(ann.Message("line 1")).ToBeInViewportAsync();
        await Expect(ann.Message("line 40")).Not.ToBeInViewportAsync();
        Assert.Equal(0, (await (await ann.ApiAsync()).ChatAsync(chat.Id)).Read);

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "To the newest message" }).ClickAsync();
        await Expect(ann.Message("line 40")).ToBeInViewportAsync();
        await watcher.WaitForAsync(e =>
            e.Ev == "receipt" && e.Chat == chat.Id && e.D.GetProperty("read").GetInt64() >= 40
        );
    }

    [SkippableFact]
    public async Task Should_list_older_conversations_by_scrolling_down()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var other = await TestUser.SignUpAsync(ann.Server, "Other");
        var api = await ann.ApiAsync();
        for (var i = 1; i <= 25; i++)
        {
            var chat = await api.CreateChatAsync("group", [other.Id], $"Group {i}");
            await api.SendAsync(chat.Id, $"first words {i}");
        }

        await ann.Page.ReloadAsync();
        await Expect(ann.Row("first words 25")).ToBeVisibleAsync();
        await Expect(ann.Page.Locator(".chat-row")).ToHaveCountAsync(20);
        await ann.Row("first words 6").ScrollIntoViewIfNeededAsync();
        await Expect(ann.Page.Locator(".chat-row")).ToHaveCountAsync(25);
    }

    /// <summary>A group with so many lines, of which the person's page knows no more than the preview.</summary>
    private static async Task<ChatInfo> FillAsync(Person person, ChatApi speaker, UserInfo listener, int lines)
    {
        var chat = await speaker.CreateChatAsync("group", [listener.Id], "Archive");
        for (var i = 1; i <= lines; i++)
        {
            await speaker.SendAsync(chat.Id, $"line {i}");
        }

        // What came in live is at hand already: only a fresh page has to load history.
        await person.Page.ReloadAsync();
        await Expect(person.Row($"line {lines}")).ToBeVisibleAsync();
        return chat;
    }
}
