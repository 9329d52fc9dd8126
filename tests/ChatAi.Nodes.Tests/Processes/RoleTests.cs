using System.Net;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Nodes.Tests.Processes;

public sealed class RoleTests(ITestOutputHelper output)
{
    /// <summary>All start at the same moment on an empty database, so this shows the migrations and tables too.</summary>
    [SkippableFact]
    public async Task Should_serve_from_nodes_that_each_have_one_role()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        var plan = new ClusterPlan(1, ["gateway", "chat", "chat", "ai"], Durable: false);
        await ChatCluster.RunAsync(
            plan,
            output.WriteLine,
            async cluster =>
            {
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                foreach (var node in cluster.Nodes.Skip(1))
                {
                    foreach (var path in new[] { "/", "/v1/chats", "/v1/ws", "/v1/auth/code", "/openapi/v1.json" })
                        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node, path));
                    Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/metrics"));
                    Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/health/live"));
                }

                var gateway = cluster.Nodes[0].Url;
                var ada = await TestUser.SignUpAsync(gateway, "ada");
                var bob = await TestUser.SignUpAsync(gateway, "bob");
                await using var hers = await ada.ConnectAsync();
                await using var his = await bob.ConnectAsync();
                var chat = (await hers.CreateChatAsync("group", [ada.Id, bob.Id], "keys")).Id;
                await hers.SendAsync(chat, "The keys are under the blue pot.");
                await his.WaitForMessageAsync(chat, "The keys are under the blue pot.");
                await his.SendAsync(chat, "@AI where are the keys?");
                await hers.WaitForAsync(e => e is { Ev: "message.created", IsAi: true }, TimeSpan.FromSeconds(60));

                async Task<HttpStatusCode> StatusAsync(ClusterProcess node, string path)
                {
                    using var answer = await http.GetAsync(new Uri(node.Url, path));
                    return answer.StatusCode;
                }
            }
        );
    }
}
