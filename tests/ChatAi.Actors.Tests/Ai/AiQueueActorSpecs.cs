using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Ai.Queue;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Time.Testing;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai;

public sealed class AiQueueActorSpecs : TestKit
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly TestProbe _chats;

    public AiQueueActorSpecs()
        : base(AiSamples.Config) => _chats = CreateTestProbe("chats");

    private IActorRef Queue(int capacity = 10, TimeSpan? lease = null) =>
        Sys.ActorOf(AiQueueActor.Props(_chats, new AiQueueSettings(capacity, lease ?? TimeSpan.FromMinutes(1)), _time));

    private static RunId Assigned(TestProbe worker) => worker.ExpectMsg<AiQueueProtocol.AssignRun>().Run.Run;

    [Fact]
    public void Should_give_one_run_for_one_request()
    {
        var (queue, worker) = (Queue(), CreateTestProbe());
        queue.Tell(Offer(1), _chats);
        queue.Tell(Offer(1), _chats);
        queue.Tell(Offer(2), _chats);
        worker.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        Assert.Equal(Run(1), Assigned(worker));
        worker.Send(queue, new AiQueueProtocol.GetQueue());
        Assert.Equal(new AiQueueProtocol.QueueState(1, 0, 0, 1, 0), worker.ExpectMsg<AiQueueProtocol.QueueState>());
        worker.Send(queue, new AiQueueProtocol.RunEnded(Run(1)));
        worker.Send(queue, new AiQueueProtocol.ReadyForWork(2));
        Assert.Equal(Run(2), Assigned(worker));
    }

    [Fact]
    public void Should_tell_one_worker_of_the_node_to_forget_a_chat()
    {
        var (queue, first, second) = (Queue(), CreateTestProbe(), CreateTestProbe());
        first.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        second.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        queue.Tell(new AiProtocol.ForgetChat(Chat(4)), _chats);
        queue.Tell(new AiProtocol.ForgetChat(Chat(5)), _chats);
        Assert.Equal(new AiProtocol.ForgetChat(Chat(4)), first.ExpectMsg<AiProtocol.ForgetChat>());
        Sys.Stop(first);
        AwaitAssert(() =>
        {
            queue.Tell(new AiProtocol.ForgetChat(Chat(6)), _chats);
            second.ExpectMsg<AiProtocol.ForgetChat>(TimeSpan.FromMilliseconds(100));
        });
    }

    [Fact]
    public void Should_take_people_before_upkeep_and_users_in_turn()
    {
        var (queue, worker) = (Queue(), CreateTestProbe());
        queue.Tell(Offer(1, kind: AiRunKind.Rolling));
        queue.Tell(Offer(2, user: 1, kind: AiRunKind.CatchUp));
        queue.Tell(Offer(3, user: 1));
        queue.Tell(Offer(4, user: 1));
        queue.Tell(Offer(5, user: 2, kind: AiRunKind.Summarize));
        var order = new List<RunId>();
        for (var request = 1; request <= 5; request++)
        {
            worker.Send(queue, new AiQueueProtocol.ReadyForWork(request));
            order.Add(Assigned(worker));
            worker.Send(queue, new AiQueueProtocol.RunEnded(order[^1]));
        }
        Assert.Equal([Run(3), Run(5), Run(4), Run(2), Run(1)], order);
    }

    [Fact]
    public void Should_refuse_people_with_the_length_and_let_rolling_runs_go_first()
    {
        var queue = Queue(capacity: 2);
        queue.Tell(Offer(1, kind: AiRunKind.Rolling, chat: 9));
        queue.Tell(Offer(2));
        queue.Tell(Offer(3));
        queue.Tell(Offer(4, chat: 7));
        Assert.Equal(new AiProtocol.RunRefused(Chat(7), Run(4), 2), _chats.ExpectMsg<AiProtocol.RunRefused>());
        queue.Tell(Offer(5, kind: AiRunKind.Rolling));
        queue.Tell(new AiProtocol.Locate(Run(1)), TestActor);
        Assert.Equal(new AiProtocol.Located(Run(1), null), ExpectMsg<AiProtocol.Located>());
        queue.Tell(new AiProtocol.Locate(Run(3)), TestActor);
        Assert.Equal(new AiProtocol.Located(Run(3), Chat(1)) { Place = 2 }, ExpectMsg<AiProtocol.Located>());
    }

    [Fact]
    public void Should_give_a_dead_workers_run_to_another()
    {
        var (queue, dying, other) = (Queue(), CreateTestProbe(), CreateTestProbe());
        dying.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        queue.Tell(Offer(1));
        Assert.Equal(Run(1), Assigned(dying));
        other.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        Sys.Stop(dying);
        Assert.Equal(Run(1), Assigned(other));
    }

    [Fact]
    public void Should_take_a_silent_workers_run_and_tell_it_to_stop()
    {
        var queue = Queue(lease: TimeSpan.FromMilliseconds(200));
        var (silent, alive, other) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        silent.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        queue.Tell(Offer(1));
        Assert.Equal(Run(1), Assigned(silent));
        alive.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        queue.Tell(Offer(2));
        Assert.Equal(Run(2), Assigned(alive));
        _time.Advance(TimeSpan.FromMilliseconds(150));
        alive.Send(queue, new AiQueueProtocol.RunHeartbeat(Chat(1), Pending(2)));
        alive.Send(queue, new AiQueueProtocol.GetQueue());
        alive.ExpectMsg<AiQueueProtocol.QueueState>();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Run(1), silent.ExpectMsg<AiQueueProtocol.StopRun>().Run);
        other.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        Assert.Equal(Run(1), Assigned(other));
        silent.Send(queue, new AiQueueProtocol.RunHeartbeat(Chat(1), Pending(1)));
        Assert.Equal(Run(1), silent.ExpectMsg<AiQueueProtocol.StopRun>().Run);
        alive.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_stop_the_worker_that_runs_it_and_no_other()
    {
        var queue = Queue();
        var workers = new[] { CreateTestProbe(), CreateTestProbe() };
        for (var n = 0; n < 2; n++)
        {
            workers[n].Send(queue, new AiQueueProtocol.ReadyForWork(1));
            queue.Tell(Offer(n + 1));
            Assert.Equal(Run(n + 1), Assigned(workers[n]));
        }
        queue.Tell(Offer(3));
        queue.Tell(new AiProtocol.CancelRun(Chat(1), Run(2)));
        queue.Tell(new AiProtocol.CancelRun(Chat(1), Run(3)));
        Assert.Equal(Run(2), workers[1].ExpectMsg<AiQueueProtocol.StopRun>().Run);
        workers[1].Send(queue, new AiQueueProtocol.RunEnded(Run(2)));
        workers[1].Send(queue, new AiQueueProtocol.ReadyForWork(2));
        queue.Tell(Offer(4));
        Assert.Equal(Run(4), Assigned(workers[1]));
        workers[0].ExpectNoMsg(TimeSpan.Zero);
    }
}
