using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static ChatAi.Containers.Tests.Files.DockerFolder;

namespace ChatAi.Containers.Tests.Files;

public sealed partial class ComposeTests
{
    private static readonly string[] Files = ["compose.yaml", "compose.dev.yaml"];

    private static readonly JsonObject Cluster = Yaml("compose.yaml")["services"]!.AsObject();

    public static TheoryData<string> All => new(Files);

    [Fact]
    public void Should_have_two_seeds_and_nodes_behind_the_proxy()
    {
        Assert.Equal("lighthouse:4053", Text(Cluster["lighthouse-1"]!, "ChatAi__Cluster__SeedsDns"));
        foreach (var seed in new[] { "lighthouse-1", "lighthouse-2" })
            Assert.Contains("lighthouse", Strings(Cluster[seed]!["networks"]!["default"]!["aliases"]));
        Assert.Equal("lighthouse:4053", Text(Cluster["chatnode"]!, "ChatAi__Cluster__SeedsDns"));
        Assert.True(int.Parse(Cluster["chatnode"]!["deploy"]!["replicas"]!.GetValue<string>()) >= 2);
        Assert.Contains(" chatnode:8080 ", DockerFolder.Text("haproxy/haproxy.cfg"), StringComparison.Ordinal);
        Assert.Contains("/health/ready", DockerFolder.Text("haproxy/haproxy.cfg"), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_build_each_image_once()
    {
        var builders = Cluster
            .Where(service => service.Value!["build"] is not null)
            .ToDictionary(service => service.Value!["image"]!.GetValue<string>(), service => service.Key);

        Assert.Equal(["chatnode", "lighthouse-1"], builders.Values.Order());
        Assert.Equal(Cluster["lighthouse-1"]!["image"]!.ToString(), Cluster["lighthouse-2"]!["image"]!.ToString());
        foreach (var (name, service) in Cluster)
            Assert.True(
                builders.ContainsKey(service!["image"]!.GetValue<string>())
                    || PublicImage().IsMatch(service["image"]!.GetValue<string>()),
                name
            );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_take_no_secret_that_everybody_knows(string file)
    {
        foreach (Match use in Variable().Matches(DockerFolder.Text(file)))
            if (Secret().IsMatch(use.Groups["name"].Value))
                Assert.StartsWith(":?", use.Groups["rest"].Value, StringComparison.Ordinal);
        foreach (var (name, service) in Yaml(file)["services"]!.AsObject())
        foreach (var (key, value) in service!["environment"]?.AsObject() ?? [])
            if (Secret().IsMatch(key))
                Assert.StartsWith("${", value!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_run_our_programs_without_rights(string file)
    {
        var ours = Yaml(file)["services"]!
            .AsObject()
            .Where(service => service.Value!["image"]!.GetValue<string>().Contains("chatai/", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(ours);
        foreach (var (_, service) in ours)
        {
            Assert.Equal("true", service!["read_only"]!.GetValue<string>());
            Assert.Equal(["ALL"], Strings(service["cap_drop"]));
            Assert.Contains("no-new-privileges:true", Strings(service["security_opt"]));
            Assert.Contains("/tmp", Strings(service["tmpfs"]));
            Assert.Null(service["ulimits"]);
            Assert.Null(service["user"]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_publish_one_door_to_the_network_at_most(string file)
    {
        var open = Yaml(file)["services"]!
            .AsObject()
            .SelectMany(service => Strings(service.Value!["ports"]))
            .Where(port => !port.StartsWith("127.0.0.1:", StringComparison.Ordinal));

        Assert.Equal(file == "compose.yaml" ? ["${CHATAI_HTTP:-8080}:8080"] : [], open);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_mount_only_files_that_exist(string file)
    {
        var sources = Yaml(file)["services"]!
            .AsObject()
            .SelectMany(service => Strings(service.Value!["volumes"]))
            .Select(volume => volume.Split(':')[0])
            .ToList();
        var volumes = Names(Yaml(file)["volumes"]).ToList();

        Assert.NotEmpty(sources);
        foreach (var source in sources)
            if (source.StartsWith("./", StringComparison.Ordinal))
                Assert.True(System.IO.Path.Exists(DockerFolder.Path(source)), source);
            else
                Assert.Contains(source, volumes);
    }

    [Fact]
    public void Should_watch_itself_only_on_request()
    {
        var watching = Cluster.Where(service => service.Value!["profiles"] is not null).Select(service => service.Key);

        Assert.Equal(["grafana", "prometheus"], watching.Order());
        Assert.Equal(
            "chatnode",
            Strings(Yaml("prometheus/prometheus.yml")["scrape_configs"]![0]!["dns_sd_configs"]![0]!["names"]).Single()
        );
    }

    private static string Text(JsonNode service, string key) => service["environment"]![key]!.GetValue<string>();

    [GeneratedRegex(@"^(postgres:17|haproxy:3\.0|prom/prometheus:v[\d.]+|grafana/grafana:[\d.]+)$")]
    private static partial Regex PublicImage();

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<rest>[^}]*)\}")]
    private static partial Regex Variable();
}
