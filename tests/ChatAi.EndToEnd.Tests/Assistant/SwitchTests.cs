using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChatAi.Shared.Domain;
using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>The operators' switch: at run time, for everything that is open, and through a restart.</summary>
public sealed class SwitchTests : IAsyncLifetime
{
    private const string Token = "operators-only-0123456789";
    private ModelServer _model = null!;

    public async Task InitializeAsync() => _model = await ModelServer.StartAsync();

    public async Task DisposeAsync() => await _model.DisposeAsync();

    private Task<ServerProcess> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["ChatAi__Ai__Provider"] = "openai",
            ["ChatAi__Ai__Endpoint"] = _model.Endpoint.ToString(),
            ["ChatAi__Ai__Model"] = "any",
            ["ChatAi__Admin__Token"] = Token,
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        return ServerProcess.StartAsync(settings);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AdminAsync(
        ServerProcess server,
        bool? enabled,
        string? token = Token
    )
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(enabled is null ? HttpMethod.Get : HttpMethod.Put, "/v1/admin/ai");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (enabled is not null)
            request.Content = JsonContent.Create(new { enabled });
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<string> CodeOfAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ChatErrorException>(call)).Code;

    private static string? ReasonOf(ChatEvent ended) => ended.Field("err")?.GetProperty("code").GetString();

    [Fact]
    public async Task Should_stop_everything_at_once_and_stay_off_through_a_restart()
    {
        await using var server = await StartAsync();
        await using var scene = await Scene.OpenAsync(server.Url);
        var (ann, chat) = (scene.Ann, scene.Chat);
        Assert.True((await AdminAsync(server, null)).Body.GetProperty("enabled").GetBoolean());
        await scene.AnnsSocket.SendAsync(chat, "@AI say something");
        var call = await _model.NextCallAsync();
        await call.SayAsync("Some");
        // One works, one waits: the node has one worker.
        var waiting = (await scene.BobsSocket.AskAiAsync(chat, "reply", "and me?")).Run;

        var (status, body) = await AdminAsync(server, false);

        Assert.Equal((HttpStatusCode.OK, false), (status, body.GetProperty("enabled").GetBoolean()));
        await call.Aborted.WaitAsync(ChatClient.Patience);
        Assert.Equal(ErrorCode.AiDisabled, ReasonOf(await scene.BobsSocket.EndOfRunAsync(waiting)));
        var ended = await scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run != waiting);
        Assert.Equal(("failed", ErrorCode.AiDisabled), (ended.StatusOf(), ReasonOf(ended)));
        Assert.Equal(ErrorCode.AiDisabled, await CodeOfAsync(() => scene.AnnsSocket.AskAiAsync(chat, "reply", "why?")));
        await scene.AnnsSocket.SendAsync(chat, "people go on talking");

        await server.RestartAsync();
        await using var socket = await ann.ConnectAsync();
        await socket.SendAsync(chat, "@AI are you there?");
        Assert.Equal(
            ErrorCode.AiDisabled,
            ReasonOf(await socket.WaitForAsync(e => e.Ev == "ai.ended" && e.Chat == chat))
        );
        Assert.True((await AdminAsync(server, true)).Body.GetProperty("enabled").GetBoolean());
        await socket.SendAsync(chat, "@AI and now?");
        var answering = await _model.NextCallAsync();
        Assert.Contains("and now?", answering.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_heed_its_configuration_and_operators_alone()
    {
        await using var server = await StartAsync(("ChatAi__Ai__Enabled", "false"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminAsync(server, null, null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AdminAsync(server, true, Token + "x")).Status);
        Assert.False((await AdminAsync(server, null)).Body.GetProperty("enabled").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, (await AdminAsync(server, true)).Status);
        await using var scene = await Scene.OpenAsync(server.Url);
        Assert.Equal(
            ErrorCode.AiDisabled,
            await CodeOfAsync(() => scene.AnnsSocket.AskAiAsync(scene.Chat, "reply", "why?"))
        );
    }

    [Fact]
    public async Task Should_not_be_there_without_a_token()
    {
        await using var server = await StartAsync(("ChatAi__Admin__Token", ""));
        Assert.Equal(HttpStatusCode.NotFound, (await AdminAsync(server, null, "")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AdminAsync(server, false)).Status);
    }
}
