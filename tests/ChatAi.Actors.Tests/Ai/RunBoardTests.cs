using ChatAi.ChatNode.Ai.Queue;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using CsCheck;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai;

public sealed class RunBoardTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>Workers as the protocol has them: each holds at most one run and asks with a rising number.</summary>
    private sealed class Fleet(int workers)
    {
        public readonly RunBoard<int> Board = new(8, Lease);
        public readonly long[] Request = new long[workers];
        public readonly RunId?[] Holds = new RunId?[workers];
        public readonly Dictionary<RunId, QueuedRun> Runs = [];
        public readonly HashSet<RunId> Open = [];
        public readonly HashSet<RunId> Cancelled = [];
        public DateTimeOffset Now = Start;

        public void Carry(IReadOnlyList<BoardEffect<int>> effects)
        {
            foreach (var effect in effects)
                switch (effect)
                {
                    case BoardEffect<int>.Assign assign when Request[assign.Worker] == assign.Request:
                        Assert.Null(Holds[assign.Worker]);
                        Assert.DoesNotContain(assign.Run.Id, Cancelled);
                        Holds[assign.Worker] = assign.Run.Id;
                        Request[assign.Worker]++;
                        break;
                    case BoardEffect<int>.Stop stop when Holds[stop.Worker] == stop.Run:
                        Holds[stop.Worker] = null;
                        Carry(Board.Ended(stop.Worker, stop.Run, Now));
                        break;
                    case BoardEffect<int>.Refuse refuse:
                        Open.Remove(refuse.Run.Id);
                        break;
                }
        }
    }

    private static void Play(Fleet fleet, int action, int worker, int n)
    {
        var board = fleet.Board;
        var kind = (AiRunKind)(1 + (n % 3));
        switch (action)
        {
            case 0:
                var run = new QueuedRun(Chat(1), Pending(n, user: n % 4, kind: kind));
                if (!fleet.Cancelled.Contains(run.Id) && fleet.Runs.TryAdd(run.Id, run))
                {
                    fleet.Open.Add(run.Id);
                    fleet.Carry(board.Offer(run, fleet.Now));
                }
                break;
            case 1 when fleet.Holds[worker] is null:
                fleet.Carry(board.Ready(worker, fleet.Request[worker], fleet.Now));
                break;
            case 2 when fleet.Holds[worker] is { } held:
                fleet.Holds[worker] = null;
                fleet.Open.Remove(held);
                fleet.Carry(board.Ended(worker, held, fleet.Now));
                break;
            case 3:
                fleet.Open.Remove(Run(n));
                fleet.Cancelled.Add(Run(n));
                fleet.Carry(board.Cancel(Run(n)));
                break;
            case 4:
                fleet.Holds[worker] = null;
                fleet.Request[worker] += 100;
                fleet.Carry(board.Lost(worker, fleet.Now));
                break;
            case 5:
                fleet.Now += Lease / 2;
                for (var w = 0; w < fleet.Holds.Length; w++)
                    if (w != worker && fleet.Holds[w] is { } beating)
                        fleet.Carry(board.Heartbeat(w, fleet.Runs[beating], fleet.Now));
                fleet.Carry(board.Expire(fleet.Now));
                break;
        }
    }

    [Fact]
    public void Should_never_lose_a_run_nor_give_it_to_two_workers() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 30])
            .Array[0, 150]
            .Sample(steps =>
            {
                var fleet = new Fleet(4);
                foreach (var (action, worker, n) in steps)
                {
                    Play(fleet, action, worker, n);
                    var held = fleet.Holds.Where(h => h is not null).Select(h => h!.Value).ToList();
                    Assert.Equal(held.Distinct().Count(), held.Count);
                    foreach (var open in fleet.Open)
                        Assert.NotNull(fleet.Board.ChatOf(open));
                }
                // With one worker that only works, all that is open comes to an end.
                for (var w = 1; w < 4; w++)
                    Play(fleet, 4, w, 0);
                for (var i = 0; i < 100; i++)
                {
                    Play(fleet, 2, 0, 0);
                    Play(fleet, 1, 0, 0);
                }
                Assert.Empty(fleet.Open);
                Assert.Equal(0, fleet.Board.Queue.Count + fleet.Board.Running);
            });

    [Fact]
    public void Should_take_over_what_a_worker_runs_when_the_queue_is_new()
    {
        var board = new RunBoard<string>(8, Lease);
        var run = new QueuedRun(Chat(1), Pending(1));
        // The chat offers again before the worker's next sign of life.
        board.Offer(run, Start);
        Assert.Empty(board.Heartbeat("a", run, Start));
        Assert.Empty(board.Ready("b", 1, Start));
        Assert.Equal([new BoardEffect<string>.Stop("b", run.Id)], board.Heartbeat("b", run, Start));
        Assert.Equal([new BoardEffect<string>.Stop("a", run.Id)], board.Cancel(run.Id));
    }

    [Fact]
    public void Should_try_again_what_was_offered_while_a_worker_had_it()
    {
        var board = new RunBoard<string>(8, Lease);
        var run = new QueuedRun(Chat(1), Pending(1));
        board.Ready("a", 1, Start);
        board.Offer(run, Start);
        Assert.Empty(board.Offer(run, Start));
        Assert.Empty(board.Ended("a", run.Id, Start));
        Assert.Equal([new BoardEffect<string>.Assign("a", run, 2)], board.Ready("a", 2, Start));
    }

    [Fact]
    public void Should_repeat_an_assignment_that_got_lost()
    {
        var board = new RunBoard<string>(8, Lease);
        var run = new QueuedRun(Chat(1), Pending(1));
        board.Ready("a", 1, Start);
        var first = board.Offer(run, Start);
        Assert.Equal(first, board.Ready("a", 1, Start));
    }
}
