using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using CsCheck;
using static ChatAi.Shared.Domain.Users.UserCommands;

namespace ChatAi.Domain.Tests.Users;

public sealed class AiUsageTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ChatId Chat = new(Guid.NewGuid());
    private UserState _state = new();
    private DateTimeOffset _now = Start;

    public AiUsageTests() => _state.Apply(new UserEvents.UserRegistered("+43", "Ada", Start));

    private static RunId Run(int n) => new(new Guid(n, 0, 0, new byte[8]));

    private UserDecision Do(IUserCommand command)
    {
        var decision = UserDecider.Decide(_state, command, _now, Guid.NewGuid);
        foreach (var e in (decision as UserDecision.Accepted)?.Events ?? [])
            _state.Apply(e);
        return decision;
    }

    private bool Reserve(int run, AiQuota quota, int tokens = 0) =>
        Do(new ReserveRun(Run(run), Chat, tokens, quota)) is UserDecision.Accepted;

    [Fact]
    public void Should_let_through_so_many_runs_an_hour()
    {
        var quota = new AiQuota(2, 0);
        Assert.True(Reserve(1, quota));
        Assert.True(Reserve(1, quota));
        Assert.True(Reserve(2, quota));
        Assert.False(Reserve(3, quota));
        Assert.True(Reserve(2, quota));
        _state = UserState.Restore(_state.ToSnapshot());
        Assert.False(Reserve(3, quota));
        // Nothing was done for the second: it does not count.
        Do(new SettleRun(Run(2), null));
        Assert.True(Reserve(3, quota));
        Assert.False(Reserve(4, quota));
        _now += TimeSpan.FromHours(1);
        Assert.True(Reserve(4, quota));
    }

    /// <summary>What runs side by side may need counts before they have needed it.</summary>
    [Fact]
    public void Should_reserve_tokens_before_and_settle_after()
    {
        var quota = new AiQuota(0, 1_000);
        Assert.True(Reserve(1, quota, 400));
        Assert.True(Reserve(2, quota, 400));
        Assert.False(Reserve(3, quota, 400));
        Do(new SettleRun(Run(1), 50));
        Assert.True(Reserve(3, quota, 400));
        Do(new SettleRun(Run(2), 500));
        Do(new SettleRun(Run(3), 400));
        Assert.False(Reserve(4, quota, 400));
        _now += TimeSpan.FromDays(1);
        Assert.True(Reserve(4, quota, 400));
        Assert.Single(_state.Ai.Runs);
    }

    [Fact]
    public void Should_write_nothing_twice_and_nothing_for_runs_it_does_not_know()
    {
        var quota = new AiQuota(10, 10);
        Reserve(1, quota);
        Assert.Empty(((UserDecision.Accepted)Do(new ReserveRun(Run(1), Chat, 0, quota))).Events);
        Assert.Single(((UserDecision.Accepted)Do(new SettleRun(Run(1), 3))).Events);
        Assert.Empty(((UserDecision.Accepted)Do(new SettleRun(Run(1), 3))).Events);
        Assert.Empty(((UserDecision.Accepted)Do(new SettleRun(Run(2), null))).Events);
    }

    /// <summary>In whatever order requests and ends come, no window of an hour has more runs than allowed.</summary>
    [Fact]
    public void Should_never_let_through_more_than_the_quota() =>
        Gen.Select(Gen.Int[1, 5], Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 20]).Array[1, 80])
            .Sample(
                (most, steps) =>
                {
                    var user = new AiUsageTests();
                    var given = new List<DateTimeOffset>();
                    foreach (var (minutes, what, run) in steps)
                    {
                        user._now += TimeSpan.FromMinutes(minutes);
                        if (what == 0)
                            user.Do(new SettleRun(Run(run), 7));
                        else if (!user._state.Ai.Has(Run(run)) && user.Reserve(run, new AiQuota(most, 0)))
                            given.Add(user._now);
                        Assert.InRange(given.Count(at => at > user._now - TimeSpan.FromHours(1)), 0, most);
                    }
                }
            );

    [Fact]
    public void Should_remember_no_more_than_a_day_may_have()
    {
        var usage = AiUsage.None;
        for (var i = 0; i < AiUsage.MostRuns + 100; i++)
            usage = usage.Reserve(new AiReservation(Run(i), Start, 1));

        Assert.Equal(AiUsage.MostRuns, usage.Runs.Count);
        Assert.NotNull(usage.Check(new AiQuota(0, long.MaxValue), 1, Start));
    }
}
