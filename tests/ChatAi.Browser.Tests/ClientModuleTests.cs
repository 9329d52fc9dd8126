using System.Text.Json;
using Microsoft.Playwright;

namespace ChatAi.Browser.Tests;

/// <summary>The page's protocol client by itself, in the engine that runs it: no server takes part but to serve the files.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ClientModuleTests(BrowserStage stage) : IAsyncLifetime
{
    private IPage? _page;

    public async Task InitializeAsync()
    {
        if (Chromium.Find() is null)
        {
            return;
        }

        _page = await stage.Browser.NewPageAsync();
        await _page.GotoAsync(stage.Url.ToString());
    }

    public async Task DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.CloseAsync();
        }
    }

    [SkippableFact]
    public async Task Should_deliver_events_once_and_in_order_whatever_order_they_come_in()
    {
        var delivered = await RunAsync<int[]>(
            """
            const { Timeline } = await import('/js/client/timeline.js');
            const timeline = new Timeline();
            const out = [];
            const take = (events) => out.push(...events.map((e) => e.seq));
            take(timeline.seed('c', 3));
            for (const seq of [2, 3, 5, 4, 4, 7, 5, 6, 8]) take(timeline.offer({ chat: 'c', seq, ev: 'x' }).ready);
            return out;
            """
        );
        Assert.Equal([4, 5, 6, 7, 8], delivered);
    }

    [SkippableFact]
    public async Task Should_say_what_is_missing_and_close_the_gap_with_a_page()
    {
        var told = await RunAsync<string[]>(
            """
            const { Timeline } = await import('/js/client/timeline.js');
            const timeline = new Timeline();
            const event = (seq) => ({ chat: 'c', seq, ev: 'x' });
            const out = [String(timeline.offer(event(9)).missing)];
            timeline.seed('c', 5);
            out.push(String(timeline.offer(event(6)).missing), String(timeline.offer(event(10)).missing));
            const closed = timeline.accept('c', [event(7), event(8), event(9)]);
            out.push(closed.map((e) => e.seq).join());
            out.push(String(timeline.position('c')));
            return out;
            """
        );
        Assert.Equal(["unknown", "gap", "gap", "7,8,9,10", "10"], told);
    }

    [SkippableFact]
    public async Task Should_build_an_answer_from_deltas_that_overlap_repeat_or_skip()
    {
        var texts = await RunAsync<string[]>(
            """
            const { mergeDelta } = await import('/js/client/ai-runs.js');
            return [mergeDelta('', 0, 'Hi'), mergeDelta('Hi', 2, ' you'), mergeDelta('Hi you', 1, 'i y'),
              mergeDelta('Hi you', 4, 'ou all'), mergeDelta('a😀', 3, 'b'), String(mergeDelta('Hi', 5, 'x'))];
            """
        );
        Assert.Equal(["Hi", "Hi you", "Hi you", "Hi you all", "a😀b", "undefined"], texts);
    }

    [SkippableFact]
    public async Task Should_send_the_outbox_in_order_and_keep_the_cid_over_failures()
    {
        var log = await RunAsync<string[]>(
            """
            const { Outbox } = await import('/js/client/outbox.js');
            const { ProtocolError } = await import('/js/client/protocol-error.js');
            localStorage.clear();
            const tried = [];
            let online = false;
            const send = async (d) => {
              tried.push(d.text + ':' + d.cid);
              if (!online) throw ProtocolError.disconnected();
              return { seq: tried.length };
            };
            const first = new Outbox({ storage: localStorage, user: 'u', send });
            const a = first.add({ chat: 'c', text: 'a' });
            const b = first.add({ chat: 'c', text: 'b' });
            await new Promise((done) => setTimeout(done));
            online = true;
            const second = new Outbox({ storage: localStorage, user: 'u', send });
            const settled = new Promise((done) => second.on('sent', () => second.size || done()));
            second.flush();
            await settled;
            const expected = ['a:' + a.cid, 'a:' + a.cid, 'b:' + b.cid];
            return [String(tried.join() === expected.join()), String(localStorage.length)];
            """
        );
        Assert.Equal(["true", "0"], log);
    }

    [SkippableFact]
    public async Task Should_treat_close_codes_as_the_protocol_says()
    {
        var codes = new[] { 1006, 4001, 4002, 4008, 4009, 4010, 4500, 4501, 4502, 4503, 4504, 4505, 4506 };
        var acts = await RunAsync<string[]>(
            "const { afterClose } = await import('/js/client/close-codes.js'); return arg.map(afterClose);",
            codes
        );
        Assert.All(acts.Take(6), act => Assert.Equal("reconnect", act));
        Assert.Equal(["stop", "sign-in", "stop", "sign-in", "stop", "stop", "stop"], acts.Skip(6));
    }

    [SkippableFact]
    public async Task Should_back_off_with_jitter_and_a_ceiling()
    {
        var delays = await RunAsync<JsonElement>(
            """
            const { backoff } = await import('/js/client/backoff.js');
            return [0, 1, 2, 10, 100].map((n) => [backoff(n, () => 0), backoff(n, () => 1)]);
            """
        );
        Assert.Equal("[[250,500],[500,1000],[1000,2000],[5000,10000],[5000,10000]]", delays.ToString());
    }

    private async Task<T> RunAsync<T>(string body, object? argument = null)
    {
        stage.SkipWithoutBrowser();
        return await _page!.EvaluateAsync<T>($"async (arg) => {{ {body} }}", argument);
    }
}
