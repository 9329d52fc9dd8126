using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A model that takes long to load: the server does not wait for it. Skips where llama.cpp's libraries are absent.</summary>
public sealed class ModelLoadTests : IDisposable
{
    // What follows the last tensor means nothing, but belongs to the file: its hash takes seconds.
    private const long Length = 3L << 30;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatai-model-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Should_carry_messages_and_let_runs_wait_while_a_model_loads()
    {
        var model = Path.Combine(_folder.FullName, "slow.gguf");
        TinyModel.Write(model, seed: 1);
        using (var file = File.OpenWrite(model))
            file.SetLength(Length);
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Ai__Provider"] = "llama",
                ["ChatAi__Ai__ModelPath"] = model,
                ["ChatAi__Ai__Sequences"] = "1",
            }
        );
        Skip.If(Said(server, "cannot be used"), "The build installed no llama.cpp libraries (npm)");
        await using var scene = await Scene.OpenAsync(server.Url);

        var sent = await scene.AnnsSocket.SendAsync(scene.Chat, "@AI are you there?");
        await scene.BobsSocket.WaitForSeqAsync(scene.Chat, sent.Seq);
        var run = (await scene.BobsSocket.AskAiAsync(scene.Chat, "reply", "and now?")).Run;
        var state = await scene.BobsSocket.RequestAsync("ai.snapshot", new { run });

        Assert.Equal("queued", state.GetProperty("status").GetString());
        Assert.DoesNotContain(scene.BobsSocket.Seen, e => e.Ev == "ai.started");
        Assert.False(Said(server, "is loaded"));
    }

    private static bool Said(ServerProcess server, string words) =>
        server.Log.Any(line => line.Contains(words, StringComparison.Ordinal));
}
