using ChatAi.Testing;
using Microsoft.Playwright;

namespace ChatAi.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class SessionTests(BrowserStage stage)
{
    /// <summary>
    /// A refresh token works once and its reuse revokes the device, so two tabs must not use it twice; and a socket
    /// lives past its first token only when it is told the next one.
    /// </summary>
    [SkippableFact]
    public async Task Should_keep_the_sockets_of_two_tabs_alive_past_the_life_of_a_token()
    {
        stage.SkipWithoutBrowser();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ChatAi__Auth__AccessTokenSeconds"] = "15" }
        );
        await using var ann = await Person.ArriveAsync(stage.Browser, server.Url, "Ann Lee");
        var first = new Refreshes(ann.Page);
        await ann.SignInAsync();
        var tab = await ann.Page.Context.NewPageAsync();
        var second = new Refreshes(tab);
        await tab.GotoAsync(server.Url.ToString());

        // The second refresh comes after the first token has run out.
        await Task.WhenAll(first.Twice, second.Twice).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, first.Sockets);
        Assert.Equal(1, second.Sockets);
        await ann.ShouldBeConnectedAsync();
        Assert.Empty(ann.Complaints);
    }

    /// <summary>However close together: the loser of the race must find what the winner was given.</summary>
    [SkippableFact]
    public async Task Should_survive_tabs_that_renew_at_the_same_moment()
    {
        stage.SkipWithoutBrowser();
        await using var ann = await stage.SignUpAsync("Ann Lee");
        var tab = await ann.Page.Context.NewPageAsync();
        await tab.GotoAsync(ann.Server.ToString());
        IPage[] tabs = [ann.Page, tab];
        await Task.WhenAll(tabs.Select(page => page.EvaluateAsync(OwnSession)));
        for (var round = 0; round < 10; round++)
        {
            var tokens = await Task.WhenAll(tabs.Select(page => page.EvaluateAsync<string>("() => session.renew()")));
            Assert.All(tokens, Assert.NotEmpty);
        }

        Assert.Single((await (await ann.ApiAsync()).DevicesAsync()).Devices);
        await ann.ShouldBeConnectedAsync();
        Assert.Empty(ann.Complaints);
    }

    private const string OwnSession = """
        async () => {
          const { Api } = await import('/js/api.js');
          const { Session } = await import('/js/session.js');
          const api = new Api();
          api.session = window.session = new Session(api);
        }
        """;

    private sealed class Refreshes
    {
        private readonly TaskCompletionSource _twice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;
        private int _sockets;

        public Refreshes(IPage page) =>
            page.WebSocket += (_, socket) =>
            {
                Interlocked.Increment(ref _sockets);
                socket.FrameSent += (_, frame) => Count(frame.Text);
            };

        public Task Twice => _twice.Task;

        public int Sockets => _sockets;

        private void Count(string? frame)
        {
            var isRefresh = frame?.Contains("\"op\":\"token.refresh\"", StringComparison.Ordinal) == true;
            if (isRefresh && Interlocked.Increment(ref _count) == 2)
            {
                _twice.TrySetResult();
            }
        }
    }
}
