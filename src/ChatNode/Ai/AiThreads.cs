using Akka.Actor;
using Akka.Dispatch;

namespace ChatAi.ChatNode.Ai;

/// <summary>
/// The assistant's own few threads (dispatcher <c>ai-dispatcher</c>) as a task scheduler: what is computed for an
/// answer never takes a thread that a person's message waits for.
/// </summary>
public sealed class AiThreads : TaskScheduler
{
    public const string DispatcherId = "ai-dispatcher";

    /// <summary>The dispatcher's settings, where akka.hocon has none.</summary>
    public const string DefaultConfig = """
        ai-dispatcher {
          type = ForkJoinDispatcher
          throughput = 1
          dedicated-thread-pool {
            thread-count = 2
            threadtype = background
          }
        }
        """;

    private readonly MessageDispatcher _dispatcher;

    private AiThreads(MessageDispatcher dispatcher) => _dispatcher = dispatcher;

    public static AiThreads Of(ActorSystem system) => new(system.Dispatchers.Lookup(DispatcherId));

    protected override void QueueTask(Task task) => _dispatcher.Schedule(() => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Current == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
