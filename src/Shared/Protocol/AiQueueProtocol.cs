using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Shared.Protocol;

/// <summary>Between the assistant's queue and its workers. Workers pull: nothing is sent to one that did not ask.</summary>
public static class AiQueueProtocol
{
    /// <summary>Worker → queue: credit for one run. Repeated until an assignment comes, since the queue may move.</summary>
    /// <param name="Request">Rises with every run that the worker took; a repeat has the same number.</param>
    public sealed record ReadyForWork(long Request) : IClusterMessage;

    /// <summary>Queue → worker: yours until you say <see cref="RunEnded"/> or fall silent.</summary>
    /// <param name="Request">Of the <see cref="ReadyForWork"/> that this answers.</param>
    public sealed record AssignRun(ChatId Chat, PendingRun Run, long Request) : IClusterMessage;

    /// <summary>
    /// Worker → queue: still at it. Keeps the lease; a queue that has just moved learns from it who runs what.
    /// </summary>
    public sealed record RunHeartbeat(ChatId Chat, PendingRun Run) : IClusterMessage;

    /// <summary>Worker → queue: the chat has my answer, or wants none.</summary>
    public sealed record RunEnded(RunId Run) : IClusterMessage;

    /// <summary>Queue → worker: stop the model; the answer is not wanted or another worker has the run.</summary>
    public sealed record StopRun(RunId Run) : IClusterMessage;

    /// <summary>Answer: <see cref="QueueState"/>.</summary>
    public sealed record GetQueue : IClusterMessage
    {
        public static readonly GetQueue Instance = new();
    }

    /// <param name="Asked">Waiting replies and summaries.</param>
    /// <param name="CatchUps">Waiting catch-ups.</param>
    /// <param name="Rolling">Waiting rolling summaries.</param>
    /// <param name="Running">Runs that a worker has.</param>
    /// <param name="Idle">Workers that wait for a run.</param>
    public sealed record QueueState(int Asked, int CatchUps, int Rolling, int Running, int Idle) : IClusterMessage;
}
