using ChatAi.Shared.Domain;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>How often people and chats may ask, over real sockets and through a restart.</summary>
public sealed class QuotaTests
{
    private static Task<ServerProcess> StartAsync(string key, string value) =>
        ServerProcess.StartAsync(new Dictionary<string, string> { [$"ChatAi__Ai__Quota__{key}"] = value });

    private static async Task<string> CodeOfAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ChatErrorException>(call)).Code;

    [Fact]
    public async Task Should_let_a_user_ask_so_often_in_all_their_chats_and_remember_it()
    {
        await using var server = await StartAsync("RunsPerUserPerHour", "2");
        await using var scene = await Scene.OpenAsync(server.Url);
        var (ann, chat) = (scene.Ann, scene.Chat);
        await scene.TalkAsync("The release is on Friday.");
        var other = await scene.AnnsSocket.CreateChatAsync("group", [scene.Bob.Id], "Other");
        var first = (await scene.AnnsSocket.AskAiAsync(chat, "reply", "when is the release?")).Run;
        var second = (await scene.AnnsSocket.AskAiAsync(other.Id, "reply", "when is the release?")).Run;
        Assert.Equal("done", (await scene.AnnsSocket.EndOfRunAsync(first)).StatusOf());
        Assert.Equal("done", (await scene.AnnsSocket.EndOfRunAsync(second)).StatusOf());

        Assert.Equal(
            ErrorCode.QuotaExceeded,
            await CodeOfAsync(() => scene.AnnsSocket.AskAiAsync(chat, "reply", "when?"))
        );
        // The message stands and everyone sees it; its run says why nothing comes.
        var sent = await scene.AnnsSocket.SendAsync(chat, "@AI when is the release?");
        await scene.BobsSocket.WaitForAsync(e => e.Ev == "message.created" && e.Seq == sent.Seq);
        var ended = await scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run != first && e.Run != second);
        Assert.Equal("failed", ended.StatusOf());
        Assert.Equal(ErrorCode.QuotaExceeded, ended.Field("err")!.Value.GetProperty("code").GetString());
        // Bob has a quota of his own.
        var bobs = (await scene.BobsSocket.AskAiAsync(chat, "reply", "when is the release?")).Run;
        Assert.Equal("done", (await scene.BobsSocket.EndOfRunAsync(bobs)).StatusOf());

        await server.RestartAsync();
        await using var socket = await ann.ConnectAsync();
        Assert.Equal(ErrorCode.QuotaExceeded, await CodeOfAsync(() => socket.AskAiAsync(chat, "reply", "when?")));
    }

    [Fact]
    public async Task Should_let_a_chat_ask_so_often_whoever_asks()
    {
        await using var server = await StartAsync("RunsPerChatPerHour", "2");
        await using var scene = await Scene.OpenAsync(server.Url);
        await scene.AnnsSocket.AskAiAsync(scene.Chat, "reply", "when?");
        await scene.BobsSocket.AskAiAsync(scene.Chat, "reply", "when?", true);

        Assert.Equal(
            ErrorCode.QuotaExceeded,
            await CodeOfAsync(() => scene.BobsSocket.AskAiAsync(scene.Chat, "reply", "when?"))
        );
    }
}
