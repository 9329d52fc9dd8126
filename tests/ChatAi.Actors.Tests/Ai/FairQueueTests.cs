using ChatAi.ChatNode.Ai.Queue;
using ChatAi.Shared.Domain.Ai;
using CsCheck;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai;

public sealed class FairQueueTests
{
    private static readonly Gen<QueuedRun[]> Runs = Gen.Select(
            Gen.Int[0, 5],
            Gen.Int[1, 4].Select(kind => (AiRunKind)kind)
        )
        .Array[0, 60]
        .Select(all =>
            all.Select((r, i) => new QueuedRun(Chat(r.Item1), Pending(i, user: r.Item1, kind: r.Item2))).ToArray()
        );

    private static List<QueuedRun> Drain(FairQueue queue)
    {
        var taken = new List<QueuedRun>();
        while (queue.Take() is { } run)
            taken.Add(run);
        return taken;
    }

    private static FairQueue Fill(int capacity, IEnumerable<QueuedRun> runs)
    {
        var queue = new FairQueue(capacity);
        foreach (var run in runs)
            queue.Offer(run);
        return queue;
    }

    [Fact]
    public void Should_give_every_run_once_and_higher_classes_first() =>
        Runs.Sample(runs =>
        {
            var taken = Drain(Fill(1_000, runs));
            Assert.Equal(runs.Select(r => r.Id).ToHashSet(), taken.Select(r => r.Id).ToHashSet());
            Assert.Equal(runs.Length, taken.Count);
            var classes = taken.Select(r => FairQueue.ClassOf(r.Run.Kind)).ToList();
            Assert.Equal(classes.Order(), classes);
        });

    [Fact]
    public void Should_tell_each_run_its_place_as_it_will_be_taken() =>
        Gen.Select(Runs, Gen.Int[0, 20])
            .Sample(
                (runs, takenBefore) =>
                {
                    var queue = Fill(1_000, runs);
                    for (var i = 0; i < takenBefore; i++)
                        queue.Take();
                    var waiting = queue.All.Select(run => run.Id).ToList();
                    var places = waiting.ToDictionary(run => run, run => queue.PlaceOf(run));
                    var order = Drain(queue).Select(run => run.Id).ToList();
                    Assert.All(waiting, run => Assert.Equal(order.IndexOf(run) + 1, places[run]));
                    Assert.All(waiting, run => Assert.Null(queue.PlaceOf(run)));
                }
            );

    [Fact]
    public void Should_keep_the_order_of_one_user_within_a_class() =>
        Runs.Sample(runs =>
        {
            var taken = Drain(Fill(1_000, runs));
            foreach (var line in taken.GroupBy(r => (FairQueue.ClassOf(r.Run.Kind), r.Run.By, r.Chat)))
                Assert.Equal(
                    runs.Where(r => (FairQueue.ClassOf(r.Run.Kind), r.Run.By, r.Chat) == line.Key).Select(r => r.Id),
                    line.Select(r => r.Id)
                );
        });

    [Fact]
    public void Should_serve_no_user_twice_while_another_of_the_class_waits() =>
        Runs.Sample(runs =>
        {
            var asked = runs.Where(r => FairQueue.ClassOf(r.Run.Kind) == RunClass.Asked).ToList();
            var taken = Drain(Fill(1_000, asked)).Select(r => r.Run.By).ToList();
            var left = asked.GroupBy(r => r.Run.By).ToDictionary(g => g.Key, g => g.Count());
            // Between two turns of one user, each of the others that still waits has exactly one.
            for (var i = 0; i < taken.Count; i++)
            {
                left[taken[i]]--;
                var next = taken.FindIndex(i + 1, u => u == taken[i]);
                if (next < 0)
                    continue;
                var between = taken.GetRange(i + 1, next - i - 1);
                Assert.Equal(between.Distinct().Count(), between.Count);
                foreach (var other in left.Where(u => u.Key != taken[i] && u.Value > 0))
                    Assert.Contains(other.Key, between);
            }
        });

    [Fact]
    public void Should_stay_within_the_bound_and_drop_only_rolling_runs_for_people() =>
        Gen.Select(Runs, Gen.Int[1, 10])
            .Sample(
                (runs, capacity) =>
                {
                    var queue = new FairQueue(capacity);
                    var people = 0;
                    foreach (var run in runs)
                    {
                        var outcome = queue.Offer(run);
                        Assert.True(queue.Count <= capacity);
                        var isRolling = run.Run.Kind == AiRunKind.Rolling;
                        if (!isRolling && outcome == OfferOutcome.Queued)
                            people++;
                        // A person is refused only by people.
                        if (!isRolling && outcome == OfferOutcome.Full)
                            Assert.Equal(capacity, people);
                    }
                    Assert.Equal(people, Drain(queue).Count(r => r.Run.Kind != AiRunKind.Rolling));
                }
            );

    [Fact]
    public void Should_know_a_run_and_give_a_removed_one_to_nobody() =>
        Gen.Select(Runs, Gen.Int[0, 59])
            .Sample(
                (runs, at) =>
                {
                    var queue = Fill(1_000, runs);
                    foreach (var run in runs)
                        Assert.Equal(OfferOutcome.Known, queue.Offer(run));
                    Assert.Equal(at < runs.Length, queue.Remove(Run(at)));
                    Assert.False(queue.Remove(Run(at)));
                    Assert.DoesNotContain(Drain(queue), r => r.Id == Run(at));
                }
            );

    [Fact]
    public void Should_give_what_was_put_back_next_within_its_class() =>
        Runs.Sample(runs =>
        {
            var queue = Fill(1_000, runs);
            if (queue.Take() is not { } first)
                return;
            queue.PutBack(first);
            Assert.Equal(first, queue.Take());
        });
}
