using ChatAi.Faults.Plans;
using CsCheck;

namespace ChatAi.Cluster.Tests.Checking;

public sealed class PlanTests
{
    private static readonly string[] Names = ["kill-node", "freeze-node", "kill-all"];

    [Fact]
    public void Should_plan_the_same_people_acts_and_faults_for_the_same_seed() =>
        Gen.Int.Sample(
            seed =>
            {
                Assert.Equal(Acts(seed), Acts(seed));
                Assert.Equal(FaultPlan.Mix(seed, Names).Take(20), FaultPlan.Mix(seed, Names).Take(20));
            },
            iter: 20
        );

    [Fact]
    public void Should_plan_otherwise_for_another_seed() =>
        Gen.Int[0, 1_000_000].Sample(seed => Assert.NotEqual(Acts(seed), Acts(seed + 1)), iter: 20);

    [Fact]
    public void Should_give_every_person_a_chat_and_every_chat_its_people() =>
        Gen
            .Int.Select(Gen.Int[2, 12], Gen.Int[0, 10])
            .Sample(
                (seed, people, groups) =>
                {
                    var cast = Cast.Of(seed, Math.Max(4, people), groups);
                    Assert.All(Enumerable.Range(0, cast.People), person => Assert.NotEmpty(cast.ChatsOf(person)));
                    Assert.All(cast.Chats, chat => Assert.Equal(chat.Count, chat.Distinct().Count()));
                }
            );

    private static List<Act> Acts(int seed)
    {
        var cast = Cast.Of(seed, 6, 4);
        return [.. Enumerable.Range(0, 6).SelectMany(person => PersonScript.Of(seed, person, cast, 4).Take(50))];
    }
}
