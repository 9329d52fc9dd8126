using System.Text;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using CsCheck;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

/// <summary>Words that were deleted or edited away are nowhere in what the chat keeps or shows.</summary>
public sealed class ChatTakenBackTests
{
    private const string Secret = "swordfish-7731";
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];

    /// <summary>Every message, every event that a client may ask for, and all that a snapshot would hold.</summary>
    private static void AssertGone(ChatWorld world)
    {
        Assert.DoesNotContain(world.History.Messages, m => m.Text.Contains(Secret, StringComparison.Ordinal));
        for (var i = 0; i < world.State.Events.Count; i++)
            Assert.False(Holds(world.State.Events[i]));
        Assert.False(Holds(world.State.ToSnapshot()));
    }

    private static bool Holds(object stored) =>
        JournalCodec.Current.ToBytes(stored).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0;

    private static IChatCommand Take(bool edit, long seq) =>
        edit ? new EditMessage(Bob, seq, "nothing to see") : new DeleteMessage(Bob, seq);

    [Fact]
    public void Should_not_answer_a_deleted_question_and_ask_an_edited_one_as_it_reads_now()
    {
        var world = ChatWorld.OfGroup();
        var deleted = world.Send(Bob, $"@AI what of {Secret}?").Seq;
        var edited = world.Send(Bob, $"@AI where is {Secret}?").Seq;
        Assert.True(Holds(world.State.ToSnapshot()));

        var events = world.Accept(new DeleteMessage(Bob, deleted)).Events;
        world.Accept(new EditMessage(Bob, edited, "@AI where is Wien?"));

        Assert.Equal(world.Runs[0], Assert.Single(events.OfType<AiRunCancelled>()).Run);
        Assert.Equal("where is Wien?", Assert.Single(world.State.Runs.Values).Prompt);
        AssertGone(world);
    }

    [Fact]
    public void Should_hold_nothing_of_it_whatever_happened_before_and_after() =>
        Gen.Select(ChatSteps.One.Array[0, 30], ChatSteps.One.Array[0, 30], Gen.Bool, Gen.Bool, Gen.Int[0, 150])
            .Sample(
                (before, after, edit, restart, between) =>
                {
                    var world = ChatWorld.OfGroup();
                    foreach (var command in before.SelectMany(step => step.Commands(world)))
                        world.Execute(command);
                    if (world.State.MemberOrNull(Bob) is null || world.State.MemberOrNull(Ada) is null)
                        return;
                    var seq = world.Send(Bob, $"@AI {Secret}").Seq;
                    Answer(world, $"Bob: {Secret} [#{seq}]", seq);
                    Answer(world, $"They say {Secret}.", seq);
                    for (var i = 0; i < between; i++)
                        world.Send(Bob, "and");
                    if (restart)
                        world.Restart();

                    world.Accept(Take(edit, seq));
                    AssertGone(world);
                    foreach (var command in after.SelectMany(step => step.Commands(world)))
                        world.Execute(command);
                    AssertGone(world);
                },
                iter: 300
            );

    private static void Answer(ChatWorld world, string text, long cited)
    {
        if (world.Execute(new AskAssistant(Ada, AiRunKind.Reply, "why?", false)) is not Decision.Accepted asked)
            return;
        var run = ((ChatAnswer.RunStarted)asked.Answer).Run;
        var from = ChatSteps.Provenance(world) with { LastSeq = cited };
        world.Execute(new CompleteRun(run, text, [cited], from, world.State.Mutations, null));
    }
}
