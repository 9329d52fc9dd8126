using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>What a model is told: the asker's rights at that moment, and nothing that was taken back.</summary>
public sealed class RightsTests : WithModel
{
    private const string Secret = "The vault opens with the word marzipan.";

    private async Task<string> PromptForAsync(ChatClient asker, string kind, bool? isPrivate = null)
    {
        var run = (await asker.AskAiAsync(Scene.Chat, kind, "what about the vault?", isPrivate)).Run;
        var call = await Model.NextCallAsync();
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
        await Scene.TalkAsync(Secret, "I will remember it.");
        Assert.Contains("marzipan", await PromptForAsync(Scene.BobsSocket, kind), StringComparison.Ordinal);
        var carol = await TestUser.SignUpAsync(Server.Url, "Carol");
        await using var carolsSocket = await carol.ConnectAsync();
        await Scene.Ann.Api.AddMembersAsync(Scene.Chat, [carol.Id]);
        await Scene.TalkAsync(
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
        await Scene.TalkAsync(Secret, "I will remember it.");
        var carol = await TestUser.SignUpAsync(Server.Url, "Carol");
        await Scene.Ann.Api.AddMembersAsync(Scene.Chat, [carol.Id]);
        await Scene.TalkAsync(
            "Hello Carol. The harbour tour is at nine.",
            "The harbour tour begins at the lighthouse."
        );

        var open = await PromptForAsync(Scene.BobsSocket, kind, isPrivate: false);
        var own = await PromptForAsync(Scene.BobsSocket, kind, isPrivate: true);

        Assert.Contains("harbour", open, StringComparison.Ordinal);
        Assert.DoesNotContain("marzipan", open, StringComparison.Ordinal);
        Assert.Contains("marzipan", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_anew_when_somebody_comes_while_the_model_speaks_of_what_was_before()
    {
        var seqs = await Scene.TalkAsync(Secret);
        await Scene.BobsSocket.SendAsync(Scene.Chat, "@AI what is the word?");
        var call = await Model.NextCallAsync();
        var carol = await TestUser.SignUpAsync(Server.Url, "Carol");
        await Scene.Ann.Api.AddMembersAsync(Scene.Chat, [carol.Id]);
        await call.SayAsync($"The word is marzipan [#{seqs[0]}].");
        await call.FinishAsync();

        var again = await Model.NextCallAsync();
        Assert.DoesNotContain("marzipan", again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("I do not know.");
        await again.FinishAsync();
        var answer = await Scene.BobsSocket.AnswerAsync(Scene.Chat);
        Assert.DoesNotContain("marzipan", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_tell_what_was_deleted_and_tell_edits_as_they_stand()
    {
        var seqs = await Scene.TalkAsync(Secret, "Lunch is at one.");
        await Scene.AnnsSocket.RequestAsync("message.delete", new { chat = Scene.Chat, seq = seqs[0] });
        await Scene.BobsSocket.RequestAsync(
            "message.edit",
            new
            {
                chat = Scene.Chat,
                seq = seqs[1],
                text = "Lunch is at two.",
            }
        );

        var prompt = await PromptForAsync(Scene.BobsSocket, "reply");

        Assert.DoesNotContain("marzipan", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("at one", prompt, StringComparison.Ordinal);
        Assert.Contains("Lunch is at two.", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_anew_when_a_message_is_deleted_while_the_model_speaks()
    {
        var seqs = await Scene.TalkAsync(Secret);
        await Scene.BobsSocket.SendAsync(Scene.Chat, "@AI what is the word?");
        var call = await Model.NextCallAsync();
        await call.SayAsync("The word is");
        await Scene.AnnsSocket.RequestAsync("message.delete", new { chat = Scene.Chat, seq = seqs[0] });
        await call.SayAsync($" marzipan [#{seqs[0]}].");
        await call.FinishAsync();

        var again = await Model.NextCallAsync();
        Assert.DoesNotContain("marzipan", again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("Nobody said so.");
        await again.FinishAsync();

        var answer = await Scene.BobsSocket.AnswerAsync(Scene.Chat);
        Assert.DoesNotContain("marzipan", answer.Text, StringComparison.Ordinal);
        Assert.Empty(answer.Cites);
    }

    [Fact]
    public async Task Should_hang_up_when_the_asker_leaves()
    {
        await Scene.TalkAsync(Secret);
        await Scene.BobsSocket.SendAsync(Scene.Chat, "@AI what is the word?");
        var call = await Model.NextCallAsync();
        await call.SayAsync("The word is");
        await Scene.Bob.Api.RemoveMemberAsync(Scene.Chat, Scene.Bob.Id);
        await call.Aborted.WaitAsync(ChatClient.Patience);
    }
}
