using System.Text.Json.Nodes;
using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Files;

public sealed class ObservabilityTests
{
    private static readonly JsonNode Dashboard = JsonNode.Parse(DockerFolder.Text("grafana/dashboards/chatai.json"))!;

    private static List<JsonNode> Panels =>
        [.. Dashboard["panels"]!.AsArray().Where(p => p!["type"]!.GetValue<string>() != "row").Select(p => p!)];

    private static IEnumerable<string> Expressions =>
        Panels
            .SelectMany(panel => panel["targets"]!.AsArray())
            .Select(target => target!["expr"]!.GetValue<string>())
            .Concat(
                DockerFolder.Yaml("prometheus/alerts.yml")["groups"]!
                    .AsArray()
                    .SelectMany(group => group!["rules"]!.AsArray())
                    .Select(rule => rule!["expr"]!.GetValue<string>())
            );

    [Fact]
    public async Task Should_ask_only_for_metrics_that_a_node_has()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var busy = await BusyAsync(server.Url);
        using var answer = await new ChatApi(server.Url).SendRawAsync(HttpMethod.Get, "/metrics");
        var present = MetricNames.Present(await answer.Content.ReadAsStringAsync());
        // Prometheus makes this one for each target.
        var asked = Expressions.SelectMany(MetricNames.Asked).Where(name => name != "up").ToHashSet();

        Assert.True(asked.Count > 20);
        Assert.Empty(asked.Except(present).Order());
    }

    [Fact]
    public void Should_provision_what_the_dashboard_refers_to()
    {
        var source = DockerFolder.Yaml("grafana/provisioning/datasources/prometheus.yml")["datasources"]![0]!;
        var folder = DockerFolder.Yaml("grafana/provisioning/dashboards/chatai.yml")["providers"]![0]!["options"]![
            "path"
        ];
        var mounts = DockerFolder.Strings(DockerFolder.Yaml("compose.yaml")["services"]!["grafana"]!["volumes"]);

        Assert.All(
            Panels.SelectMany(panel => panel["targets"]!.AsArray().Prepend(panel)),
            user => Assert.Equal(source["uid"]!.GetValue<string>(), user!["datasource"]!["uid"]!.GetValue<string>())
        );
        Assert.Contains($"./grafana/dashboards:{folder}:ro", mounts);
        Assert.Equal(Panels.Count, Panels.Select(panel => panel["id"]!.GetValue<int>()).Distinct().Count());
        Assert.All(Panels, panel => Assert.NotEmpty(panel["description"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("sum by (instance) (rate(a_total{x=\"b_c\"}[1m])) / on (instance) b_count > 0.5", "a_total,b_count")]
    [InlineData("absent(up{job=\"chatnode\"} == 1) or c_bytes offset 5m", "up,c_bytes")]
    public void Should_find_the_metrics_of_an_expression(string expression, string names) =>
        Assert.Equal(names.Split(',').Order(), MetricNames.Asked(expression).Order());

    /// <summary>A little of everything, so that every instrument has measured once.</summary>
    private static async Task<ChatClient> BusyAsync(Uri url)
    {
        var ada = await TestUser.SignUpAsync(url, "Ada");
        var bob = await TestUser.SignUpAsync(url, "Bob");
        var client = await ada.ConnectAsync();
        await using var other = await bob.ConnectAsync();
        var sent = await client.SendToAsync(bob.Id, "The keys are under the blue pot.");
        await other.WaitForAsync(seen => seen.Chat == sent.Chat && seen.Seq == sent.Seq);
        await Assert.ThrowsAsync<ChatErrorException>(() => client.SendAsync(Guid.NewGuid(), "To nobody."));
        await client.SendAsync(sent.Chat, "@AI where are the keys?");
        await client.WaitForAsync(seen => seen.Ev == "ai.ended");
        return client;
    }
}
