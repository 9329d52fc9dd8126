using ChatAi.ChatNode.Planning;
using CsCheck;

namespace ChatAi.ReadModel.Tests.Planning;

public sealed class CapacityPlanTests
{
    private static readonly Gen<PlanQuestion> Questions = Gen.Select(
        Gen.Double[1, 1e9],
        Gen.Double[0, 500],
        Gen.Double[2, 200],
        Gen.Double[0, 1],
        Gen.Double[1, 3_650],
        Gen.Double[0, 1],
        Gen.Double[1, 20],
        (users, messages, group, mentions, days, online, peak) =>
            new PlanQuestion
            {
                Users = users,
                MessagesPerDay = messages,
                GroupSize = group,
                MentionShare = mentions,
                RetentionDays = days,
                OnlineShare = online,
                PeakFactor = peak,
            }
    );

    /// <summary>All that costs money; the load of one node is left out, since more nodes lessen it.</summary>
    private static readonly (string Name, Func<CapacityPlan, double> Of)[] Needs =
    [
        ("messages", p => p.MessagesPerSecond),
        ("peak", p => p.PeakMessagesPerSecond),
        ("deliveries", p => p.PeakDeliveriesPerSecond),
        ("sockets", p => p.Sockets),
        ("cores", p => p.NodeCores),
        ("memory", p => p.NodeMemoryBytes),
        ("nodes", p => p.Nodes),
        ("spare nodes", p => p.SpareNodes),
        ("database cores", p => p.DatabaseCores),
        ("disk", p => p.DiskBytes),
        ("journal", p => p.JournalBytesPerYear),
        ("log", p => p.WalBytesPerDay),
        ("peak log", p => p.PeakWalBytesPerSecond),
        ("databases", p => p.Databases),
        ("answers", p => p.AnswersPerDay),
        ("summaries", p => p.SummariesPerDay),
        ("workers", p => p.ModelWorkers),
        ("plain", p => p.PlainAssistantCores),
        ("network", p => p.ClientBitsPerSecond),
        ("cluster", p => p.ClusterBitsPerSecond),
    ];

    /// <summary>Of these more means more of everything, or as much.</summary>
    public static TheoryData<string> Loads =>
        [
            "--users",
            "--messages-per-day",
            "--group-size",
            "--mention-share",
            "--retention-days",
            "--online-share",
            "--peak-factor",
            "--text-bytes",
            "--prompt-tokens",
            "--answer-tokens",
        ];

    /// <summary>Of these more means fewer machines, or as many.</summary>
    public static TheoryData<string> Machines =>
        [
            "--node-cores",
            "--node-memory-gib",
            "--database-cores",
            "--database-disk-tb",
            "--prompt-tokens-per-second",
            "--answer-tokens-per-second",
        ];

    [Theory]
    [MemberData(nameof(Loads))]
    public void Should_need_no_less_for_more(string word)
    {
        var option = PlanOption.All.Single(o => o.Name == word);
        Gen.Select(Questions, Gen.Double[1, 10])
            .Sample(
                (question, factor) =>
                {
                    var more = option.Set(question, Math.Min(option.Most, option.Get(question) * factor));
                    var (less, plan) = (CapacityPlan.For(question), CapacityPlan.For(more));
                    foreach (var (name, of) in Needs)
                        if (of(plan) < of(less) * (1 - 1e-9))
                            throw new InvalidOperationException($"{word} × {factor}: {name} fell.");
                },
                iter: 300
            );
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Should_need_no_more_of_better_machines(string word)
    {
        var option = PlanOption.All.Single(o => o.Name == word);
        Gen.Select(Questions, Gen.Double[1, 10])
            .Sample(
                (question, factor) =>
                {
                    var better = CapacityPlan.For(option.Set(question, option.Get(question) * factor));
                    var plan = CapacityPlan.For(question);
                    return better.Nodes <= plan.Nodes
                        && better.Databases <= plan.Databases
                        && better.ModelWorkers <= plan.ModelWorkers;
                },
                iter: 300
            );
    }

    [Fact]
    public void Should_grow_with_the_users() =>
        Questions.Sample(
            question =>
            {
                var (one, ten) = (
                    CapacityPlan.For(question),
                    CapacityPlan.For(question with { Users = question.Users * 10 })
                );
                foreach (
                    var name in new[] { "messages", "sockets", "cores", "memory", "disk", "journal", "log", "network" }
                )
                {
                    var of = Needs.Single(n => n.Name == name).Of;
                    Assert.Equal(of(one) * 10, of(ten), of(ten) * 1e-9);
                }
            },
            iter: 300
        );

    [Fact]
    public void Should_add_up_in_its_units()
    {
        // 864 million messages a day are 10,000 a second.
        var plan = CapacityPlan.For(
            new PlanQuestion
            {
                Users = 8_640_000,
                MessagesPerDay = 100,
                GroupSize = 3,
                OnlineShare = 0.5,
                PeakFactor = 2,
                MentionShare = 0.01,
                RetentionDays = 10,
            }
        );
        Assert.Equal(10_000, plan.MessagesPerSecond, 1e-6);
        Assert.Equal(20_000, plan.PeakMessagesPerSecond, 1e-6);
        Assert.Equal(20_000, plan.PeakDeliveriesPerSecond, 1e-6);
        Assert.Equal(4_320_000, plan.Sockets);
        Assert.Equal(20_000 * MeasuredCosts.NodeCpu.Value / CapacityPlan.Fullness, plan.NodeCores, 1e-6);
        Assert.Equal(864e6 * MeasuredCosts.WalBytes.Value, plan.WalBytesPerDay, 1);
        Assert.Equal(8.64e6, plan.AnswersPerDay, 1);
        var bytes =
            MeasuredCosts.JournalBytes.Value
            + MeasuredCosts.ReceiptsPerMessage.Value * MeasuredCosts.ReceiptBytes.Value
            + MeasuredCosts.ReadBytes.Value;
        Assert.Equal(864e6 * bytes * 10 / CapacityPlan.Fullness, plan.DiskBytes, 1);
    }

    [Fact]
    public void Should_need_one_of_each_where_nothing_happens()
    {
        var plan = CapacityPlan.For(new PlanQuestion { Users = 1, MessagesPerDay = 0 });
        Assert.Equal((1, 1, 0), (plan.Nodes, plan.Databases, plan.ModelWorkers));
        Assert.Equal((0, 0, 0), (plan.MessagesPerSecond, plan.DiskBytes, plan.ClientBitsPerSecond));
    }
}
