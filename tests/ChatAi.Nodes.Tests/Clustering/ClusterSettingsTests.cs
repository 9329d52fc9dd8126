using ChatAi.ChatNode.Hosting;
using ChatAi.Lighthouse;
using ChatAi.Shared.Clustering;
using ChatAi.Shared.Configuration;
using Microsoft.Extensions.Configuration;

namespace ChatAi.Nodes.Tests.Clustering;

public sealed class ClusterSettingsTests
{
    private static IConfiguration Of(params (string Key, string Value)[] keys) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(keys.Select(key => KeyValuePair.Create(key.Key, (string?)key.Value)))
            .Build();

    private static string Refused(params (string Key, string Value)[] keys) =>
        Assert.Throws<ConfigurationException>(() => LighthouseSettings.Read(Of(keys))).Message;

    [Theory]
    [InlineData("ChatAi:Cluster:Seed", "a:1", "Seed")]
    [InlineData("ChatAi:Clustr:Seeds", "a:1", "ChatAi:Clustr is not known.")]
    [InlineData("ChatAi:Cluster:Port", "seven", "seven")]
    [InlineData("ChatAi:Cluster:Port", "70000", "Port")]
    [InlineData("ChatAi:Cluster:Seeds", "10.0.0.1", "'10.0.0.1' is not 'host:port'")]
    [InlineData("ChatAi:Cluster:SeedsDns", "seeds", "'seeds' is not 'name:port'")]
    [InlineData("ChatAi:Cluster:Hostname", "0.0.0.0", "belongs into BindHostname")]
    [InlineData("ChatAi:Cluster:Hostname", "a b", "neither a name nor an address")]
    [InlineData("ChatAi:Cluster:SeedsDnsAtLeast", "0", "SeedsDnsAtLeast")]
    public void Should_refuse_what_cannot_be_used_and_name_it(string key, string value, string part) =>
        Assert.Contains(part, Refused((key, value)), StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_two_ways_to_the_seeds_and_a_seed_by_dns_that_has_a_name()
    {
        Assert.Contains(
            "not both",
            Refused(("ChatAi:Cluster:Seeds", "a:1"), ("ChatAi:Cluster:SeedsDns", "b:1")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "by its address",
            Refused(("ChatAi:Cluster:Hostname", "seed1"), ("ChatAi:Cluster:SeedsDns", "b:1")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Should_pass_over_what_is_chat_nodes_alone()
    {
        var settings = LighthouseSettings.Read(
            Of(("ChatAi:Database", "postgres"), ("ChatAi:Ai:Workers", "2"), ("ChatAi:Cluster:Seeds", "a:4053"))
        );

        Assert.Equal(("a:4053", 4053), (settings.Seeds, settings.Port));
    }

    [Fact]
    public void Should_know_every_section_of_chat_node()
    {
        var sections = typeof(ChatAiOptions).GetProperties().Where(property => property.CanWrite).Select(p => p.Name);

        Assert.Equal(sections.Order(), LighthouseSettings.OfChatNode.Append("Cluster").Order());
    }

    [Theory]
    [InlineData("seed:4053", "seed", 4053)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[::1]:4053", "[::1]", 4053)]
    [InlineData("seed", null, 0)]
    [InlineData("seed:0", null, 0)]
    [InlineData("seed:99999", null, 0)]
    [InlineData(":4053", null, 0)]
    [InlineData("::1:4053", null, 0)]
    [InlineData("se ed:4053", null, 0)]
    public void Should_read_host_and_port(string text, string? host, int port) =>
        Assert.Equal(host is null ? null : new HostPort(host, port), HostPort.Parse(text));
}
