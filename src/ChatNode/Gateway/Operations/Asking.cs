using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>
/// Questions to entities from the edge, where no actor waits for the answer: with a time-out, after which a read is
/// <c>shard_unavailable</c> (ask again) and a write is <c>timeout</c> (it may have happened).
/// </summary>
public sealed class Asking(
    IRequiredActor<ChatRegion> chats,
    IRequiredActor<UserRegion> users,
    IRequiredActor<AiQueue> queue
)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What a request says that got no answer in time.</summary>
    public static readonly Rejection TimedOut = new(
        ErrorCode.Timeout,
        "No answer came in time; the request may have been carried out."
    );

    private static readonly Rejection Unavailable = new(
        ErrorCode.ShardUnavailable,
        "The part of the cluster that knows this is moving or unreachable."
    );

    public Task<Outcome<T>> ReadChatAsync<T>(IToChat question)
        where T : class => AskAsync<T>(chats.ActorRef, question, Unavailable);

    public Task<Outcome<T>> ReadUserAsync<T>(IToUser question)
        where T : class => AskAsync<T>(users.ActorRef, question, Unavailable);

    public Task<Outcome<T>> WriteUserAsync<T>(IToUser question)
        where T : class => AskAsync<T>(users.ActorRef, question, TimedOut);

    /// <summary>Why the user may have no run of the assistant now; null when they may, or when nobody knows.</summary>
    public async Task<Rejection?> CheckAiQuotaAsync(UserId user)
    {
        var isOk = await AskAsync<UserProtocol.Executed>(
            users.ActorRef,
            new UserProtocol.CheckAiQuota(user, 0),
            Unavailable
        );
        return isOk.IsOk || isOk.Rejection.Code != ErrorCode.QuotaExceeded ? null : isOk.Rejection;
    }

    public async Task<Outcome<ChatProtocol.Executed>> ExecuteAsync(ChatId chat, IChatCommand command)
    {
        var span = Tracing.Begin("request.receive").About(chat);
        var outcome = await AskAsync<ChatProtocol.Executed>(
            chats.ActorRef,
            new ChatProtocol.Execute(chat, command, 0) { Trace = span?.Id },
            TimedOut
        );
        span.End(outcome.IsOk ? null : outcome.Rejection.Code);
        return outcome;
    }

    public Task<Outcome<AiProtocol.Located>> LocateAsync(RunId run) =>
        AskAsync<AiProtocol.Located>(queue.ActorRef, new AiProtocol.Locate(run), Unavailable);

    private static async Task<Outcome<T>> AskAsync<T>(IActorRef to, object question, Rejection late)
        where T : class
    {
        try
        {
            return await to.Ask<object>(question, Patience) switch
            {
                T answer => answer,
                ChatProtocol.Refused refused => refused.Rejection,
                UserProtocol.Refused refused => refused.Rejection,
                var other => new Rejection(ErrorCode.Internal, $"Unexpected answer {other.GetType().Name}."),
            };
        }
        catch (AskTimeoutException)
        {
            return late;
        }
    }
}
