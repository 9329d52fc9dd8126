using ChatAi.Shared.Domain.Ai;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class LoopGuardTests
{
    private static LoopGuard After(int botMessages) =>
        Enumerable.Range(0, botMessages).Aggregate(LoopGuard.None, (g, _) => g.After(byPerson: false));

    [Theory]
    [InlineData(0, LoopVerdict.Open, true, true)]
    [InlineData(19, LoopVerdict.Open, true, true)]
    [InlineData(20, LoopVerdict.SoftStop, false, true)]
    [InlineData(99, LoopVerdict.SoftStop, false, true)]
    [InlineData(100, LoopVerdict.HardStop, false, false)]
    [InlineData(1941, LoopVerdict.HardStop, false, false)]
    public void Should_stop_softly_at_20_and_hard_at_100(int messages, LoopVerdict verdict, bool run, bool message)
    {
        var guard = After(messages);
        Assert.Equal(verdict, guard.Verdict);
        Assert.Equal(run, guard.AllowsRun);
        Assert.Equal(message, guard.AllowsBotMessage);
    }

    [Fact]
    public void Should_be_reset_by_a_person_only() =>
        Gen
            .Bool.Array[0, 300]
            .Sample(byPerson =>
            {
                var guard = byPerson.Aggregate(LoopGuard.None, (g, person) => g.After(person));
                var streak = byPerson.Reverse().TakeWhile(p => !p).Count();
                Assert.Equal(Math.Min(streak, LoopGuard.Hard), guard.Streak);
            });
}
