using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>Settings of sign-in that cannot work stop the start with one line that says why.</summary>
public sealed class AuthSettingsTests
{
    [Theory]
    [InlineData("ChatAi__Cluster__Seeds", "127.0.0.1:1", "A cluster needs ChatAi:Database=postgres")]
    [InlineData("ChatAi__Auth__SigningKey", "c2hvcnQ=", "ChatAi:Auth:SigningKey must be Base64 of at least 32")]
    [InlineData("ChatAi__Auth__DefaultRegion", "Germany", "ChatAi:Auth:DefaultRegion must be an ISO 3166 country code")]
    [InlineData("ChatAi__Auth__CodeWebhook", "ftp://x", "ChatAi:Auth:CodeWebhook must be an http or https address")]
    public async Task Should_stop_the_start_with_one_line(string key, string value, string line)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerProcess.StartAsync(new Dictionary<string, string> { [key] = value })
        );
        Assert.Contains("ended with exit code 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"Configuration: {line}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }
}
