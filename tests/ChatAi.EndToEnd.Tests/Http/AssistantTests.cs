using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class AssistantTests(HttpServer server)
{
    [Fact]
    public async Task Should_answer_and_say_how_the_answer_came_about()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        await ada.Api.SendAsync(chat, "The train to Turin leaves at 9:15 on Friday.");
        await bob.Api.SendAsync(chat, "I will bring the tickets to platform 4.");

        var run = (await ada.Api.AskAsync(chat, "summarize", isPrivate: true)).Run;
        var ended = await EndedAsync(ada, run);

        Assert.Equal("done", ended.GetProperty("status").GetString());
        Assert.Equal(chat, ended.GetProperty("chat").GetGuid());
        Assert.Equal(ada.Id, ended.GetProperty("by").GetGuid());
        Assert.True(ended.GetProperty("private").GetBoolean());
        Assert.NotEqual("", ended.GetProperty("text").GetString());
        Assert.NotEmpty(ended.GetProperty("cites").EnumerateArray());
        Assert.NotEqual("", ended.GetProperty("provider").GetString());
        // A private answer is the asker's alone, and no message.
        Assert.Equal("not_found", (await RawCalls.RefusedAsync(() => bob.Api.RunAsync(run))).Code);
        Assert.DoesNotContain((await ada.Api.MessagesAsync(chat)).Messages, message => message.IsAi);
    }

    [Fact]
    public async Task Should_not_answer_where_it_is_switched_off()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        Assert.False((await ada.Api.SetChatAsync(chat, new { ai_enabled = false })).AiEnabled);
        var refused = await RawCalls.RefusedAsync(() => bob.Api.AskAsync(chat, "summarize"));
        Assert.Equal(("ai_disabled", 409), (refused.Code, refused.Status));
    }

    private static async Task<JsonElement> EndedAsync(TestUser user, Guid run)
    {
        var late = DateTimeOffset.UtcNow.AddSeconds(30);
        JsonElement state;
        do
        {
            state = await user.Api.RunAsync(run);
            if (state.GetProperty("status").GetString() is not ("queued" or "running"))
                return state;
            await Task.Delay(50);
        } while (DateTimeOffset.UtcNow < late);
        throw new TimeoutException($"The run has not ended: {state}");
    }
}
