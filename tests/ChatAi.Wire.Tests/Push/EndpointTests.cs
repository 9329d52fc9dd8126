using System.Net;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Push;

namespace ChatAi.Wire.Tests.Push;

public sealed class EndpointTests
{
    private static readonly PublicAddresses Public = new([]);

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.0.9", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:1.1.1.1", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    public void Should_call_public_addresses_only(string address, bool allowed) =>
        Assert.Equal(allowed, Public.Allows(IPAddress.Parse(address)));

    [Fact]
    public void Should_call_private_networks_that_the_settings_name()
    {
        var addresses = new PublicAddresses(TrustedProxies.Parse("10.1.0.0/16, 127.0.0.1"));
        Assert.True(addresses.Allows(IPAddress.Parse("10.1.9.9")));
        Assert.True(addresses.Allows(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.False(addresses.Allows(IPAddress.Parse("10.2.0.1")));
        Assert.False(addresses.Allows(IPAddress.Parse("127.0.0.2")));
    }

    [Theory]
    [InlineData("https://push.example.net/abc", true)]
    [InlineData("https://[2606:4700:4700::1111]/abc", true)]
    [InlineData("http://push.example.net/abc", false)]
    [InlineData("ftp://push.example.net/abc", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://a:b@push.example.net/", false)]
    [InlineData("https://push.example.net/#x", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://0x7f000001/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    [InlineData("/relative", false)]
    [InlineData("", false)]
    public void Should_keep_only_https_addresses_that_are_not_private(string endpoint, bool kept) =>
        Assert.Equal(kept, new Endpoints(Public, allowHttp: false).Check(endpoint) is null);

    [Fact]
    public async Task Should_look_at_the_address_when_it_connects()
    {
        // A name says nothing: what it stands for is looked at when the connection is made.
        using var http = new Endpoints(Public, allowHttp: true).Client();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("http://localhost:9/"));
        Assert.Contains("private network", refused.ToString(), StringComparison.Ordinal);
    }
}
