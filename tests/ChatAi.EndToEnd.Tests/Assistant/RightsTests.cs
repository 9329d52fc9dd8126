using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>What a model is told: the asker's rights at that moment, and nothing that was taken back.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private const string Secret = "The vault opens with the word marzipan.";
    private ModelServer _model = null!;
    private ServerProcess _server = null!;
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Ai__Provider"] = "openai",
                ["ChatAi__Ai__Endpoint"] = _model.Endpoint.ToString(),
                ["ChatAi__Ai__Model"] = "any",
            }
        );
        _scene = await Scene.OpenAsync(_server.Url);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
    }

    private async Task<string> PromptForAsync(ChatClient asker, string kind, bool? isPrivate = null)
    {
        var run = (await asker.AskAiAsync(_scene.Chat, kind, "what about the vault?", isPrivate)).Run;
        var call = await _model.NextCallAsync();
        await asker.RequestAsync("ai.cancel", new { run });
        await asker.EndOfRunAsync(run);
        return call.Prompt;
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("summarize")]
    [InlineData("catchup")]
    public async Task Should_not_tell_a_newcomer_what_was_said_before(string kind)
    {
        await _scene.TalkAsync(Secret, "I will remember it.");
        Assert.Contains("marzipan", await PromptForAsync(_scene.BobsSocket, kind), StringComparison.Ordinal);
        var carol = await TestUser.SignUpAsync(_server.Url, "Carol");
        await using var carolsSocket = await carol.ConnectAsync();
        await _scene.Ann.Api.AddMembersAsync(_scene.Chat, [carol.Id]);
        await _scene.TalkAsync(
            "Hello Carol. The harbour tour is at nine.",
            "The harbour tour begins at the lighthouse."
        );

        var prompt = await PromptForAsync(carolsSocket, kind);

        Assert.Contains("Hello Carol.", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("marzipan", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("summarize")]
    public async Task Should_tell_all_only_what_all_may_see_and_an_old_member_alone_the_rest(string kind)
    {
        await _scene.TalkAsync(Secret, "I will remember it.");
        var carol = await TestUser.SignUpAsync(_server.Url, "Carol");
        await _scene.Ann.Api.AddMembersAsync(_scene.Chat, [carol.Id]);
        await _scene.TalkAsync(
            "Hello Carol. The harbour tour is at nine.",
            "The harbour tour begins at the lighthouse."
        );

        var open = await PromptForAsync(_scene.BobsSocket, kind, isPrivate: false);
        var own = await PromptForAsync(_scene.BobsSocket, kind, isPrivate: true);

        Assert.Contains("harbour", open, StringComparison.Ordinal);
        Assert.DoesNotContain("marzipan", open, StringComparison.Ordinal);
        Assert.Contains("marzipan", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_anew_when_somebody_comes_while_the_model_speaks_of_what_was_before()
    {
        var seqs = await _scene.TalkAsync(Secret);
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI what is the word?");
        var call = await _model.NextCallAsync();
        var carol = await TestUser.SignUpAsync(_server.Url, "Carol");
        await _scene.Ann.Api.AddMembersAsync(_scene.Chat, [carol.Id]);
        await call.SayAsync($"The word is marzipan [#{seqs[0]}].");
        await call.FinishAsync();

        var again = await _model.NextCallAsync();
        Assert.DoesNotContain("marzipan", again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("I do not know.");
        await again.FinishAsync();
        var answer = await _scene.BobsSocket.AnswerAsync(_scene.Chat);
        Assert.DoesNotContain("marzipan", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_tell_what_was_deleted_and_tell_edits_as_they_stand()
    {
        var seqs = await _scene.TalkAsync(Secret, "Lunch is at one.");
        await _scene.AnnsSocket.RequestAsync("message.delete", new { chat = _scene.Chat, seq = seqs[0] });
        await _scene.BobsSocket.RequestAsync(
            "message.edit",
            new
            {
                chat = _scene.Chat,
                seq = seqs[1],
                text = "Lunch is at two.",
            }
        );

        var prompt = await PromptForAsync(_scene.BobsSocket, "reply");

        Assert.DoesNotContain("marzipan", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("at one", prompt, StringComparison.Ordinal);
        Assert.Contains("Lunch is at two.", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_anew_when_a_message_is_deleted_while_the_model_speaks()
    {
        var seqs = await _scene.TalkAsync(Secret);
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI what is the word?");
        var call = await _model.NextCallAsync();
        await call.SayAsync("The word is");
        await _scene.AnnsSocket.RequestAsync("message.delete", new { chat = _scene.Chat, seq = seqs[0] });
        await call.SayAsync($" marzipan [#{seqs[0]}].");
        await call.FinishAsync();

        var again = await _model.NextCallAsync();
        Assert.DoesNotContain("marzipan", again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("Nobody said so.");
        await again.FinishAsync();

        var answer = await _scene.BobsSocket.AnswerAsync(_scene.Chat);
        Assert.DoesNotContain("marzipan", answer.Text, StringComparison.Ordinal);
        Assert.Empty(answer.Cites);
    }

    [Fact]
    public async Task Should_hang_up_when_the_asker_leaves()
    {
        await _scene.TalkAsync(Secret);
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI what is the word?");
        var call = await _model.NextCallAsync();
        await call.SayAsync("The word is");
        await _scene.Bob.Api.RemoveMemberAsync(_scene.Chat, _scene.Bob.Id);
        await call.Aborted.WaitAsync(ChatClient.Patience);
    }
}
