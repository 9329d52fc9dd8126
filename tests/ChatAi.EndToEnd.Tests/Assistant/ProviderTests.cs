using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>Which assistant a server has, by its settings.</summary>
public sealed class ProviderTests
{
    [Theory]
    [InlineData(null, "any", "Endpoint must be an http or https address")]
    [InlineData("file:///tmp/model", "any", "Endpoint must be an http or https address")]
    [InlineData("http://127.0.0.1:9/v1", null, "Model is required")]
    public async Task Should_not_start_with_half_a_model_server(string? endpoint, string? model, string problem)
    {
        var settings = new Dictionary<string, string> { ["ChatAi__Ai__Provider"] = "openai" };
        if (endpoint is not null)
            settings["ChatAi__Ai__Endpoint"] = endpoint;
        if (model is not null)
            settings["ChatAi__Ai__Model"] = model;

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings));

        Assert.Contains("ended with exit code 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_that_there_is_none_and_go_on_chatting()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Ai__Provider"] = "none", ["ChatAi__Ai__SweepSeconds"] = "1" }
        );
        await using var scene = await Scene.OpenAsync(server.Url);

        var run = (await scene.AnnsSocket.AskAiAsync(scene.Chat, "reply", "anybody?")).Run;
        Assert.Equal("failed", (await scene.AnnsSocket.EndOfRunAsync(run)).StatusOf());

        // Enough for a rolling summary: it waits for an assistant and does not write a failure after every message.
        var seqs = await scene.TalkAsync([.. Enumerable.Range(1, 120).Select(i => $"Line {i}")]);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => seqs[0] + i), seqs);
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => scene.Ann.Api.SummaryAsync(scene.Chat));
        Assert.Equal("not_found", refused.Code);
    }
}
