using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatSummaryTests
{
    private static readonly UserId Ada = ChatWorld.People[0];

    /// <summary>No word of a summary outlives the message that it rests on.</summary>
    [Fact]
    public void Should_drop_a_summary_when_a_covered_message_changes() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var made = world.Log.FindLastIndex(e => e is SummaryUpdated);
            if (made < 0)
            {
                Assert.Null(world.State.Summary);
                return;
            }
            var summary = (SummaryUpdated)world.Log[made];
            var changed = world
                .Log.Skip(made)
                .Select(e => e is MessageEdited m ? m.Target : (e as MessageDeleted)?.Target)
                .Any(target => target >= summary.FromSeq && target <= summary.LatestSeq);
            Assert.Equal(changed ? null : summary.Text, world.State.Summary?.Text);
        });

    [Fact]
    public void Should_count_what_the_summary_does_not_cover() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            // The steps summarise up to the newest message, which the ring always holds: the count is exact.
            var covered = world.State.Summary?.LatestSeq ?? 0;
            Assert.Equal(world.History.Messages.Count(m => m.Seq > covered), world.State.Unsummarized);
            Assert.Equal(world.Log.Count(e => e is SummaryUpdated), world.State.SummaryVersion);
        });

    [Fact]
    public void Should_ask_for_a_summary_once_enough_is_new_and_none_is_under_way() =>
        ChatSteps.Story.Each(
            (world, _, decision) =>
            {
                var rolling = world.State.Runs.Values.Count(r => r.Kind == AiRunKind.Rolling);
                Assert.InRange(rolling, 0, 1);
                if (decision is not Decision.Accepted accepted)
                    return;
                if (accepted.Events.Any(e => e is MessageSent))
                    Assert.Equal(
                        world.State.AiEnabled && world.State.Unsummarized >= Limits.SummaryEvery,
                        rolling == 1
                    );
            }
        );

    [Fact]
    public void Should_tell_in_the_event_how_a_summary_came_about()
    {
        var world = ChatWorld.OfGroup();
        Fill(world);
        var made = Summarise(world);
        made = made with { Provenance = made.Provenance with { Model = "m1", PromptVersion = "p2", Seed = 7 } };

        var told = Assert.Single(world.Accept(made).Events.OfType<SummaryUpdated>());

        var range = made.Rolling!;
        Assert.Equal((range.FromSeq, range.LatestSeq, range.InputHash), (told.FromSeq, told.LatestSeq, told.InputHash));
        var how = told.Provenance;
        Assert.Equal(("m1", "p2", 7L), (how.Model, how.PromptVersion, how.Seed));
        Assert.Equal(made.Cites, told.Cites);
    }

    [Fact]
    public void Should_start_over_when_what_a_summary_builds_on_is_deleted_meanwhile()
    {
        var world = ChatWorld.OfGroup();
        var first = Fill(world);
        world.Accept(Summarise(world));
        Fill(world);
        Assert.Equal(world.State.Summary!.LatestSeq + 1, world.State.Runs.Values.Single().FromSeq);

        world.Accept(new DeleteMessage(Ada, first));

        Assert.Null(world.State.Summary);
        Assert.Equal(1, world.State.Runs.Values.Single().FromSeq);
        Assert.Equal(2 * Limits.SummaryEvery, world.State.Unsummarized);
    }

    [Fact]
    public void Should_not_lose_count_when_the_covered_message_left_the_ring()
    {
        var world = ChatWorld.OfGroup();
        Fill(world);
        var summary = Summarise(world);
        for (var i = 0; i < 2 * ChatState.RecentMessages; i++)
            world.Send(Ada);

        world.Accept(summary);

        Assert.Equal(2 * ChatState.RecentMessages, world.State.Unsummarized);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 4)]
    [InlineData(1, 1_000)]
    public void Should_refuse_a_summary_of_a_range_that_is_not_there(long from, long latest)
    {
        var world = ChatWorld.OfGroup();
        Fill(world);
        var summary = Summarise(world);

        var events = world
            .Accept(summary with { Rolling = summary.Rolling! with { FromSeq = from, LatestSeq = latest } })
            .Events;

        Assert.IsType<AiRunFailed>(events.Single());
        Assert.Null(world.State.Summary);
    }

    private static long Fill(ChatWorld world)
    {
        var first = world.State.Head + 1;
        for (var i = 0; i < Limits.SummaryEvery; i++)
            world.Send(Ada);
        return first;
    }

    private static CompleteRun Summarise(ChatWorld world)
    {
        var run = world.State.Runs.Values.Single(r => r.Kind == AiRunKind.Rolling);
        var latest = world.History.Messages[^1];
        return new CompleteRun(
            run.Run,
            "they talk",
            [],
            ChatSteps.Provenance(world),
            world.State.Mutations,
            new RollingRange(run.FromSeq, latest.Seq, latest.Id, "00")
        );
    }
}
