using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A group of two people with their sockets.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private Scene(TestUser ann, TestUser bob, ChatClient annsSocket, ChatClient bobsSocket, Guid chat)
    {
        Ann = ann;
        Bob = bob;
        AnnsSocket = annsSocket;
        BobsSocket = bobsSocket;
        Chat = chat;
    }

    public TestUser Ann { get; }

    public TestUser Bob { get; }

    public ChatClient AnnsSocket { get; }

    public ChatClient BobsSocket { get; }

    public Guid Chat { get; }

    public static async Task<Scene> OpenAsync(Uri server)
    {
        var ann = await TestUser.SignUpAsync(server, "Ann");
        var bob = await TestUser.SignUpAsync(server, "Bob");
        var annsSocket = await ann.ConnectAsync();
        var bobsSocket = await bob.ConnectAsync();
        var chat = await annsSocket.CreateChatAsync("group", [bob.Id], "Release");
        return new Scene(ann, bob, annsSocket, bobsSocket, chat.Id);
    }

    /// <summary>A few lines of talk in turn; returns their numbers.</summary>
    public async Task<IReadOnlyList<long>> TalkAsync(params string[] lines)
    {
        var seqs = new List<long>();
        foreach (var (i, line) in lines.Index())
            seqs.Add((await (i % 2 == 0 ? AnnsSocket : BobsSocket).SendAsync(Chat, line)).Seq);
        return seqs;
    }

    public async ValueTask DisposeAsync()
    {
        await AnnsSocket.DisposeAsync();
        await BobsSocket.DisposeAsync();
    }
}

/// <summary>A scene on a server whose model is the test: it takes each request and writes the answer.</summary>
/// <param name="more">Settings beside those of the model.</param>
public abstract class WithModel(params (string Key, string Value)[] more) : IAsyncLifetime
{
    protected ModelServer Model { get; private set; } = null!;

    protected ServerProcess Server { get; private set; } = null!;

    private protected Scene Scene { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Model = await ModelServer.StartAsync();
        Server = await ServerProcess.StartAsync(SettingsFor(Model, more));
        Scene = await Scene.OpenAsync(Server.Url);
    }

    public async Task DisposeAsync()
    {
        await Scene.DisposeAsync();
        await Server.DisposeAsync();
        await Model.DisposeAsync();
    }

    internal static Dictionary<string, string> SettingsFor(
        ModelServer model,
        IEnumerable<(string Key, string Value)> more
    ) =>
        new(more.Select(m => KeyValuePair.Create(m.Key, m.Value)))
        {
            ["ChatAi__Ai__Provider"] = "openai",
            ["ChatAi__Ai__Endpoint"] = model.Endpoint.ToString(),
            ["ChatAi__Ai__Model"] = "any",
        };
}

internal static class AssistantSteps
{
    /// <summary>The assistant's message that comes after a place in what the client saw.</summary>
    public static Task<ChatEvent> AnswerAsync(this ChatClient client, Guid chat, int after = 0) =>
        client.WaitForAsync(e => e.Ev == "message.created" && e.Chat == chat && e.IsAi, after: after);

    public static Task<ChatEvent> EndOfRunAsync(this ChatClient client, Guid run) =>
        client.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == run);

    public static string StatusOf(this ChatEvent ended) => ended.Field("status")!.Value.GetString()!;

    /// <summary>The run's deltas joined; their offsets must follow each other from 0.</summary>
    public static string DeltasOf(this ChatClient client, Guid run)
    {
        var text = "";
        foreach (var delta in client.Seen.Where(e => e.Ev == "ai.delta" && e.Run == run))
        {
            Assert.Equal(text.Length, delta.Field("off")!.Value.GetInt32());
            text += delta.Text;
        }
        return text;
    }
}
