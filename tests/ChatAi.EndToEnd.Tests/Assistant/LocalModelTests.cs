using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A real chat model in the server's process. Skips where the model or the llama.cpp libraries are absent.</summary>
public sealed class LocalModelTests : IAsyncLifetime
{
    private const string Model = SharedModels.Chat;

    private ServerProcess _server = null!;
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        if (SharedModels.Find(Model) is not { } path)
            return;
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Ai__Provider"] = "llama",
                ["ChatAi__Ai__ModelPath"] = path,
                ["ChatAi__Ai__Sequences"] = "2",
            }
        );
        _scene = await Scene.OpenAsync(_server.Url);
    }

    public async Task DisposeAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private void SkipWithout()
    {
        Skip.If(_server is null, $"{Model} is not here (shared/models)");
        Skip.If(
            _server.Log.Any(line => line.Contains("cannot be used", StringComparison.Ordinal)),
            "The build installed no llama.cpp libraries (npm)"
        );
    }

    [SkippableFact]
    public async Task Should_stream_an_answer_of_the_model_and_say_where_it_came_from()
    {
        SkipWithout();
        await _scene.TalkAsync("The release is on Friday at noon.", "Good, I will tell the others.");
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI when is the release?");
        var answer = await _scene.AnnsSocket.AnswerAsync(_scene.Chat);
        var run = answer.Run!.Value;
        Assert.NotEqual("", _scene.AnnsSocket.DeltasOf(run));
        var told = await _scene.Bob.Api.RunAsync(run);
        Assert.Equal("llama", told.GetProperty("provider").GetString());
        Assert.Equal(Model, told.GetProperty("model").GetString());
        Assert.Equal(64, told.GetProperty("model_sha256").GetString()!.Length);
        Assert.InRange(told.GetProperty("tokens_in").GetInt32(), 50, 2_048);
        Assert.InRange(told.GetProperty("tokens_out").GetInt32(), 1, 512);
    }

    [SkippableFact]
    public async Task Should_stop_the_model_on_cancel_and_answer_the_next()
    {
        SkipWithout();
        for (var i = 0; i < 16; i++)
            await _scene.TalkAsync(
                $"Line {i}: the harbour, the weather and the boats of the day number {i} were spoken of."
            );
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI tell me everything about the harbour, at great length");
        var started = await _scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.started");
        await _scene.BobsSocket.RequestAsync("ai.cancel", new { run = started.Run!.Value });
        Assert.Equal("cancelled", (await _scene.AnnsSocket.EndOfRunAsync(started.Run.Value)).StatusOf());

        var later = _scene.AnnsSocket.Seen.Count;
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI hello?");
        // A busy machine may need long for a thousand tokens: the model gives way to everything else.
        var answer = await _scene.AnnsSocket.WaitForAsync(
            e => e.Ev == "message.created" && e.IsAi,
            TimeSpan.FromMinutes(2),
            later
        );
        Assert.NotEqual(started.Run, answer.Run);
    }

    [SkippableFact]
    public async Task Should_end_a_run_once_though_the_server_is_killed_in_the_middle_of_the_answer()
    {
        SkipWithout();
        await _scene.TalkAsync("The release is on Friday at noon.", "Good, I will tell the others.");
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI tell a long story about the release");
        var started = await _scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.started");
        _server.Kill9();
        await _server.RestartAsync();

        await using var again = await _scene.Ann.ConnectAsync();
        if (!(await again.HistoryAsync(_scene.Chat)).Messages.Any(m => m.Run == started.Run))
            Assert.Equal(started.Run, (await again.AnswerAsync(_scene.Chat)).Run);
        // Whatever else would end it: the next answer comes after it.
        await again.SendAsync(_scene.Chat, "@AI hello?");
        await again.WaitForAsync(e => e.Ev == "message.created" && e.IsAi && e.Run != started.Run);
        var page = await again.HistoryAsync(_scene.Chat);
        Assert.Single(page.Messages, m => m.Run == started.Run);
        var told = await _scene.Ann.Api.RunAsync(started.Run!.Value);
        Assert.Equal("done", told.GetProperty("status").GetString());
    }
}
