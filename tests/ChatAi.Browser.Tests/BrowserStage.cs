using ChatAi.Testing;
using Microsoft.Playwright;

namespace ChatAi.Browser.Tests;

/// <summary>One browser and one server for all tests of the project; each test signs up its own people.</summary>
public sealed class BrowserStage : IAsyncLifetime
{
    private readonly string? _path = Chromium.Find();
    private Chromium? _chromium;
    private ServerProcess? _server;

    public Uri Url => _server?.Url ?? throw new InvalidOperationException("No stage without a browser.");

    public IBrowser Browser => _chromium?.Browser ?? throw new InvalidOperationException("No stage without a browser.");

    public async Task InitializeAsync()
    {
        if (_path is null)
        {
            return;
        }

        // Small machines are slow to paint while other tests run: patience costs nothing when all is well.
        Assertions.SetDefaultExpectTimeout(20_000);
        _chromium = await Chromium.LaunchAsync(_path);
        _server = await ServerProcess.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    public void SkipWithoutBrowser() =>
        Skip.If(_path is null, "No chromium on this machine (looked in /usr/bin and PATH): browser tests need one.");

    /// <summary>A person at a browser of their own, signed up through the page.</summary>
    public Task<Person> SignUpAsync(string name, BrowserNewContextOptions? options = null, Uri? server = null) =>
        Person.SignUpAsync(Browser, server ?? Url, name, options);
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserStage>
{
    public const string Name = "browser";
}
