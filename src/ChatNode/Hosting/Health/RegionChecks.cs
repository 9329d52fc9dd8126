using Akka.Actor;
using Akka.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>
/// An entity came up from the journal and answered. While a lost node's shards move, its entities are silent for every
/// node at once: a node that has had answers stays ready that long, or a balancer would have nowhere to go.
/// </summary>
public abstract class RegionAnswers<TRegion>(IRequiredActor<TRegion> region, TimeProvider time) : CachedCheck(time)
    where TRegion : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the shards of a lost node take to come up elsewhere (10 s).</summary>
    public static readonly TimeSpan Failover = TimeSpan.FromSeconds(15);

    private bool _hasAnswered;
    private long? _silentSince;

    protected abstract object Question { get; }

    protected override async Task<HealthCheckResult> LookAsync()
    {
        var asked = Time.GetTimestamp();
        try
        {
            var to = await region.GetAsync().WaitAsync(Patience, Time);
            await to.Ask<ICorrelated>(Question, Patience);
            _hasAnswered = true;
            _silentSince = null;
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is AskTimeoutException or TimeoutException)
        {
            if (!_hasAnswered)
                return HealthCheckResult.Unhealthy("No entity has answered yet.");
            // Nobody may have asked for long: what counts is how long there was no answer although somebody asked.
            _silentSince ??= asked;
            var silent = Time.GetElapsedTime(_silentSince.Value);
            return silent < Failover
                ? HealthCheckResult.Healthy($"No answer for {silent.TotalSeconds:0} s; shards may be moving.")
                : HealthCheckResult.Unhealthy("No entity answers: its shard or the journal is away.");
        }
    }
}

public sealed class ChatsAnswer(IRequiredActor<ChatRegion> region, TimeProvider time)
    : RegionAnswers<ChatRegion>(region, time)
{
    // No chat has this id: the answer is a refusal, which is as good.
    private static readonly ChatId Probe = new(Guid.Empty);

    protected override object Question { get; } = new ChatProtocol.GetChat(Probe, UserId.Assistant, false, 0);
}

public sealed class UsersAnswer(IRequiredActor<UserRegion> region, TimeProvider time)
    : RegionAnswers<UserRegion>(region, time)
{
    protected override object Question { get; } = new UserProtocol.GetProfile(UserId.Assistant, 0);
}
