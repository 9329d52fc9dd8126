using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;
using CsCheck;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatSnapshotTests
{
    /// <summary>What a restart does: the snapshot's bytes, then the bytes of the later events.</summary>
    [Fact]
    public void Should_be_the_same_from_a_snapshot_and_the_rest_as_from_all_events() =>
        Gen.Select(ChatSteps.Story, Gen.Int[0, 1_000])
            .Sample(
                (story, where) =>
                {
                    var world = ChatSteps.Begin(story.Kind);
                    foreach (var step in story.Steps)
                    foreach (var command in step.Commands(world))
                        world.Execute(command);
                    var cut = where % (world.Log.Count + 1);
                    if (cut == 0)
                        return;

                    var whole = new ChatState();
                    foreach (var e in world.Log.Take(cut))
                        whole.Apply(e);
                    var restored = ChatState.Restore(Stored(whole.ToSnapshot()));
                    foreach (var e in world.Log.Skip(cut))
                    {
                        whole.Apply(e);
                        restored.Apply(Stored(e));
                    }

                    Assert.Equal(ShapeOf(world.State), ShapeOf(whole));
                    Assert.Equal(ShapeOf(whole), ShapeOf(restored));
                },
                iter: 150
            );

    /// <summary>A chat that restarts before every command decides as one that never does.</summary>
    [Fact]
    public void Should_decide_the_same_after_a_restart() =>
        ChatSteps.Story.Sample(
            (kind, steps) =>
            {
                var steady = ChatSteps.Begin(kind);
                var restarting = ChatSteps.Begin(kind);
                foreach (var step in steps)
                {
                    restarting.Restart();
                    using var commands = step.Commands(restarting).GetEnumerator();
                    foreach (var command in step.Commands(steady))
                    {
                        Assert.True(commands.MoveNext());
                        Assert.Equal(Shape.Of(steady.Execute(command)), Shape.Of(restarting.Execute(commands.Current)));
                    }
                }
            },
            iter: 100
        );

    [Fact]
    public void Should_not_change_a_snapshot_that_was_taken()
    {
        var world = ChatWorld.OfGroup();
        var snapshot = world.State.ToSnapshot();
        var before = Shape.Of(snapshot);

        world.Send(ChatWorld.People[0]);
        var restored = ChatState.Restore(snapshot);
        restored.Apply(world.Log[^1]);

        Assert.Equal(before, Shape.Of(snapshot));
        Assert.Equal(ShapeOf(world.State), ShapeOf(restored));
    }

    private static T Stored<T>(T value)
        where T : class =>
        (T)JournalCodec.Current.FromBytes(JournalCodec.Current.ToBytes(value), JournalCodec.Current.ManifestOf(value));

    /// <summary>All that the state shows but the recent events, which a snapshot does not keep.</summary>
    private static string ShapeOf(ChatState s) =>
        Shape.Of(
            new object?[]
            {
                (s.Exists, s.Type, s.Title, s.AiEnabled, s.CreatedAt, s.Head, s.Messages),
                (s.LastMessageAt, s.LastMessagePreview, s.LastMessageSeq, s.Mutations),
                (s.Summary, s.SummaryVersion, s.Unsummarized),
                (s.Members, s.Former, s.Runs),
                s.Control,
                (s.Recent.Range(0, long.MaxValue), s.OldCids.ToBytes()),
            }
        );
}
