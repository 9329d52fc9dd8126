using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Accounts;

/// <summary>
/// The two entities that an account lives in, wherever in the cluster they are. After <see cref="Patience"/> a question
/// is <c>shard_unavailable</c> (ask again) and a change is <c>timeout</c> (it may have happened).
/// </summary>
public sealed class AccountEntities(IRequiredActor<PhoneRegion> phones, IRequiredActor<UserRegion> users)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Rejection Unavailable = new(
        ErrorCode.ShardUnavailable,
        "The part of the cluster that knows this account is moving or unreachable."
    );
    private static readonly Rejection TimedOut = new(
        ErrorCode.Timeout,
        "No answer came in time; the request may have been carried out."
    );

    public Task<Outcome<T>> AskAsync<T>(IToPhone question, CancellationToken cancel)
        where T : class =>
        AskAsync<T>(phones.ActorRef, question, question is PhoneProtocol.GetOwner ? Unavailable : TimedOut, cancel);

    public Task<Outcome<UserProtocol.Executed>> ExecuteAsync(
        UserId user,
        IUserCommand command,
        CancellationToken cancel
    ) => AskAsync<UserProtocol.Executed>(users.ActorRef, new UserProtocol.Execute(user, command, 0), TimedOut, cancel);

    public Task<Outcome<UserProtocol.Profile>> ProfileAsync(UserId user, CancellationToken cancel) =>
        AskAsync<UserProtocol.Profile>(users.ActorRef, new UserProtocol.GetProfile(user, 0), Unavailable, cancel);

    private static async Task<Outcome<T>> AskAsync<T>(
        IActorRef region,
        object question,
        Rejection late,
        CancellationToken cancel
    )
        where T : class
    {
        try
        {
            return await region.Ask<object>(question, Patience, cancel) switch
            {
                T answer => answer,
                PhoneProtocol.Refused refused => refused.Rejection,
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
