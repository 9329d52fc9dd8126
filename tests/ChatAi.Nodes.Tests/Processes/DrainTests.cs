using System.Diagnostics;
using System.Net.WebSockets;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Nodes.Tests.Processes;

public sealed class DrainTests(ITestOutputHelper output)
{
    private const int Silent = 300;

    [SkippableFact]
    public async Task Should_send_its_clients_to_another_node_and_wait_for_no_silent_one()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await ChatCluster.RunAsync(
            ClusterPlan.Equal(lighthouses: 1, nodes: 2) with
            {
                Durable = false,
            },
            output.WriteLine,
            async cluster =>
            {
                var (goes, stays) = (cluster.Nodes[0], cluster.Nodes[1]);
                var ada = await TestUser.SignUpAsync(goes.Url, "ada");
                var memory = new ChatMemory();
                await using var before = await ada.ConnectAsync(new ChatClientOptions(memory));
                var chat = (await before.CreateChatAsync("group", [ada.Id], "alone")).Id;
                await before.SendAsync(chat, "before");
                var silent = await Task.WhenAll(
                    Enumerable.Range(0, Silent).Select(_ => SilentAsync(goes.Url, ada.Tokens.AccessToken))
                );

                goes.Terminate();
                var clock = Stopwatch.StartNew();
                await before.WaitForAsync(e => e.Ev == "drain");
                Assert.Equal(4001, (await before.Closed.WaitAsync(TimeSpan.FromSeconds(20))).Code);
                var closed = clock.Elapsed;

                await using var after = await (ada with { Server = stays.Url }).ConnectAsync(
                    new ChatClientOptions(memory)
                );
                Assert.True(after.Hello!.Resume!.Ok);
                await after.SendAsync(chat, "after");
                var sent = clock.Elapsed;
                await goes.WaitForExitAsync(TimeSpan.FromSeconds(60));

                output.WriteLine($"Closed after {closed}, sent elsewhere after {sent}, ended after {clock.Elapsed}");
                Assert.Equal(0, goes.ExitCode);
                // It takes 2 s; whoever waits for silent clients takes as long as these are borne elsewhere.
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
                await Readiness.WaitAsync(stays.Url, seen => seen.IsReady);
                foreach (var socket in silent)
                    socket.Dispose();
            }
        );
    }

    /// <summary>Reads nothing more after its hello, so it never answers the closing handshake.</summary>
    private static async Task<ClientWebSocket> SilentAsync(Uri server, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.AddSubProtocol("chat.v1.json");
        await socket.ConnectAsync(
            new UriBuilder(server) { Scheme = "ws", Path = "/v1/ws" }.Uri,
            CancellationToken.None
        );
        await socket.SendAsync(
            """{"id":1,"op":"hello","d":{"device":"silent","client":"test/1"}}"""u8.ToArray(),
            WebSocketMessageType.Text,
            true,
            CancellationToken.None
        );
        await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        return socket;
    }
}
