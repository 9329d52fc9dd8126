using System.Net;
using ChatAi.ChatNode.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatAi.Nodes.Tests.Hosting;

public sealed class TrustedProxiesTests
{
    [Fact]
    public void Should_read_addresses_and_networks()
    {
        var networks = TrustedProxies.Parse("10.0.0.1, 172.16.0.0/12,fd00::/8");

        Assert.Equal(["10.0.0.1/32", "172.16.0.0/12", "fd00::/8"], networks.Select(network => network.ToString()));
        Assert.Empty(TrustedProxies.Parse(""));
        Assert.Contains("'haproxy'", Assert.Throws<FormatException>(() => TrustedProxies.Parse("haproxy")).Message);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.7", "203.0.113.7")]
    // A client that writes the header itself gains nothing: the proxy adds the true address behind it.
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8,10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7")]
    [InlineData("", "203.0.113.7", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1")]
    public async Task Should_believe_only_trusted_proxies(string proxies, string header, string seen)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseTrustedProxies(new ChatAiOptions { Proxies = proxies });
        app.Run(http => http.Response.WriteAsync(http.Connection.RemoteIpAddress!.MapToIPv4().ToString()));
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Add("X-Forwarded-For", header);

        Assert.Equal(seen, await client.GetStringAsync(app.Urls.Single()));
    }
}
