using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Accounts;

/// <summary>The two entities that an account lives in, wherever in the cluster they are.</summary>
public sealed class AccountEntities(IRequiredActor<PhoneRegion> phones, IRequiredActor<UserRegion> users)
{
    /// <summary>How long an entity may take; beyond: <c>timeout</c>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Outcome<T>> AskAsync<T>(IToPhone question, CancellationToken cancel)
        where T : notnull =>
        await AskAsync(phones.ActorRef, question, cancel) switch
        {
            T answer => answer,
            PhoneProtocol.Refused refused => refused.Rejection,
            var other => Unexpected(other),
        };

    public async Task<Outcome<T>> AskAsync<T>(IToUser question, CancellationToken cancel)
        where T : notnull =>
        await AskAsync(users.ActorRef, question, cancel) switch
        {
            T answer => answer,
            UserProtocol.Refused refused => refused.Rejection,
            var other => Unexpected(other),
        };

    public Task<Outcome<UserProtocol.Executed>> ExecuteAsync(
        UserId user,
        IUserCommand command,
        CancellationToken cancel
    ) => AskAsync<UserProtocol.Executed>(new UserProtocol.Execute(user, command, 0), cancel);

    public Task<Outcome<UserProtocol.Profile>> ProfileAsync(UserId user, CancellationToken cancel) =>
        AskAsync<UserProtocol.Profile>(new UserProtocol.GetProfile(user, 0), cancel);

    private static async Task<object> AskAsync(IActorRef region, object question, CancellationToken cancel)
    {
        try
        {
            return await region.Ask<object>(question, Patience, cancel);
        }
        catch (AskTimeoutException)
        {
            return new Rejection(ErrorCode.Timeout, "The account did not answer in time.");
        }
    }

    private static Rejection Unexpected(object answer) =>
        answer as Rejection ?? new Rejection(ErrorCode.Internal, "The account gave no usable answer.");
}
