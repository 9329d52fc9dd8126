using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Hosting;

/// <summary>The process itself: coming up, going down, and saying why it does not start.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Should_say_in_one_line_what_is_wrong_with_the_configuration_and_end()
    {
        var settings = new Dictionary<string, string> { ["ChatAi__Database"] = "oracle" };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings));

        Assert.Contains("ended with exit code 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ChatAi:Database must be 'sqlite' or 'postgres'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_a_setting_it_does_not_know()
    {
        var settings = new Dictionary<string, string> { ["ChatAi__Databse"] = "sqlite" };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings));

        Assert.Contains("Databse", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_an_error_where_its_address_is_taken()
    {
        await using var first = await ServerProcess.StartAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => first.RunCommandAsync());

        Assert.Contains("ended with exit code 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("it cannot listen at its address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_where_the_page_is()
    {
        await using var server = await ServerProcess.StartAsync();

        Assert.Contains(
            server.Log,
            line => line.Contains(server.Url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Should_know_its_users_again_after_kill_9()
    {
        await using var server = await ServerProcess.StartAsync();
        var ann = await TestUser.SignUpAsync(server.Url, "ann");

        server.Kill9();
        await server.RestartAsync();

        Assert.Equal("ann", (await ann.Api.MeAsync()).DisplayName);
    }

    [Fact]
    public async Task Should_end_in_order_on_sigterm_within_seconds()
    {
        await using var server = await ServerProcess.StartAsync();

        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, server.ExitCode);
    }
}
