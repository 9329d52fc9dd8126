using System.Collections.Concurrent;
using ChatAi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChatAi.Browser.Tests;

/// <summary>Somebody at a browser: acts through the page as a person would, and notes what the page complains about.</summary>
public sealed class Person : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    private Person(IPage page, Uri server, string name, string phone)
    {
        (Page, Server, Name, Phone) = (page, server, name, phone);
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
    }

    public IPage Page { get; }

    public Uri Server { get; }

    public string Name { get; }

    public string Phone { get; }

    /// <summary>Console errors and warnings, uncaught exceptions, and violations of the content security policy.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ILocator Composer => Page.Locator("#composer");

    public ILocator Log => Page.Locator(".log");

    public ILocator Messages => Page.Locator(".msg:not(.run)");

    public ILocator Ticks => Page.Locator(".msg.own .tick");

    /// <summary>At the sign-in page, not signed in.</summary>
    public static async Task<Person> ArriveAsync(
        IBrowser browser,
        Uri server,
        string name,
        BrowserNewContextOptions? options = null
    )
    {
        var context = await browser.NewContextAsync(
            options
                ?? new BrowserNewContextOptions
                {
                    ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
                }
        );
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI));"
        );
        var page = await context.NewPageAsync();
        var person = new Person(page, server, name, TestUser.NewPhone());
        await page.GotoAsync(server.ToString());
        return person;
    }

    public static async Task<Person> SignUpAsync(
        IBrowser browser,
        Uri server,
        string name,
        BrowserNewContextOptions? options = null
    )
    {
        var person = await ArriveAsync(browser, server, name, options);
        await person.SignInAsync();
        return person;
    }

    public async Task SignInAsync()
    {
        await Page.GetByLabel("Phone number").FillAsync(Phone);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send me a code" }).ClickAsync();
        await Page.GetByLabel("Your name").FillAsync(Name);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ShouldBeConnectedAsync();
    }

    public Task ShouldBeConnectedAsync() =>
        Expect(Page.Locator(".connection")).ToHaveAttributeAsync("data-state", "online");

    public async Task MessagePersonAsync(string phone)
    {
        await ChooseNewAsync("Message a person");
        await Page.GetByRole(AriaRole.Dialog).GetByLabel("Phone number").FillAsync(phone);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start conversation" }).ClickAsync();
        await Expect(Composer).ToBeVisibleAsync();
    }

    public async Task NewGroupAsync(string title, params Person[] members)
    {
        await ChooseNewAsync("New group");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name of the group").FillAsync(title);
        for (var i = 0; i < members.Length; i++)
        {
            await dialog.GetByLabel("People, by phone number").FillAsync(members[i].Phone);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
            await Expect(dialog.Locator(".chosen li")).ToHaveCountAsync(i + 1);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create group" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
    }

    public async Task ChooseNewAsync(string choice)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = choice }).ClickAsync();
    }

    public ILocator Row(string title) => Page.Locator(".chat-row", new() { HasText = title });

    public Task OpenAsync(string title) => Row(title).ClickAsync();

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>The messages whose text is exactly this.</summary>
    public ILocator Message(string text) =>
        Messages.Filter(new() { Has = Page.Locator(".text").GetByText(text, new() { Exact = true }) });

    public ILocator Tick(string text, string state) => Message(text).Locator($".tick[data-tick={state}]");

    public Task ShouldSeeAsync(string text) => Expect(Message(text)).ToHaveCountAsync(1);

    public async Task ShotAsync(string name)
    {
        var folder = Path.Combine(RepositoryRoot.Find(), "artifacts", "browser");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>The tokens that the page keeps, for looking at the server's side of things.</summary>
    public async Task<ChatApi> ApiAsync() =>
        new(
            Server,
            await Page.EvaluateAsync<string>("() => JSON.parse(localStorage.getItem('chatai.session')).access_token")
        );

    public Guid OpenChatId => Guid.Parse(Page.Url[(Page.Url.LastIndexOf('/') + 1)..]);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
