using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ChatAi.Architecture.Tests;

/// <summary>Who may know whom: docs/architecture.md.</summary>
public sealed class LayeringTests
{
    private static readonly System.Reflection.Assembly[] Ours =
    [
        typeof(Shared.Domain.ChatId).Assembly,
        typeof(ChatNode.Hosting.ChatAiOptions).Assembly,
    ];

    // With the packages, so that a dependency on one of their types is seen.
    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies([
            .. Ours,
            typeof(Akka.Actor.IActorRef).Assembly,
            typeof(Akka.Cluster.Sharding.ClusterSharding).Assembly,
            typeof(Google.Protobuf.IMessage).Assembly,
            typeof(LinqToDB.DataOptions).Assembly,
        ])
        .Build();

    private static IObjectProvider<IType> In(string name) =>
        Types()
            .That()
            .ResideInNamespaceMatching($@"^{name.Replace(".", @"\.", StringComparison.Ordinal)}(\.|$)")
            .As(name);

    private static void Forbid(string from, string to, string because)
    {
        IArchRule rule = Types()
            .That()
            .Are(In(from))
            .Should()
            .NotDependOnAny(In(to))
            .Because(because)
            .WithoutRequiringPositiveResults();
        rule.Check(Code);
    }

    [Theory]
    [InlineData("Akka")]
    [InlineData("Google.Protobuf")]
    [InlineData("LinqToDB")]
    [InlineData("ChatAi.Shared.Protocol")]
    [InlineData("ChatAi.Shared.Serialization")]
    [InlineData("ChatAi.Shared.Sharding")]
    public void Should_keep_the_domain_pure(string forbidden) =>
        Forbid("ChatAi.Shared.Domain", forbidden, "the domain is pure and testable alone");

    [Theory]
    [InlineData("LinqToDB")]
    [InlineData("ChatAi.ChatNode.Chats")]
    [InlineData("ChatAi.ChatNode.Users")]
    [InlineData("ChatAi.ChatNode.Projections")]
    public void Should_keep_sql_and_entities_out_of_the_gateway(string forbidden) =>
        Forbid("ChatAi.ChatNode.Gateway", forbidden, "the edge talks to regions and ports only");

    [Theory]
    [InlineData("LinqToDB")]
    [InlineData("ChatAi.ChatNode.Gateway")]
    [InlineData("ChatAi.ChatNode.Api")]
    public void Should_keep_transport_and_sql_out_of_entities(string forbidden)
    {
        foreach (var entity in new[] { "Chats", "Users", "Phones" })
            Forbid($"ChatAi.ChatNode.{entity}", forbidden, "an entity translates, persists, tells and times");
    }

    [Fact]
    public void Should_keep_the_read_model_ignorant_of_the_edge()
    {
        Forbid("ChatAi.ChatNode.ReadModel", "ChatAi.ChatNode.Gateway", "queries know no transport");
        Forbid("ChatAi.ChatNode.ReadModel", "ChatAi.ChatNode.Api", "queries know no transport");
    }

    [Fact]
    public void Should_see_a_dependency_where_there_is_one() =>
        Assert.ThrowsAny<Exception>(() => Forbid("ChatAi.ChatNode.Chats", "Akka", "entities are actors"));

    // An old compiler's records and the runtime's own types have no part in the rules, hence by our own assemblies only.
    [Fact]
    public void Should_read_no_clock_in_the_domain()
    {
        var clocks = Types()
            .That()
            .ResideInNamespaceMatching(@"^ChatAi\.Shared\.Domain(\.|$)")
            .Should()
            .NotDependOnAny(typeof(TimeProvider), typeof(Random), typeof(System.Diagnostics.Stopwatch))
            .WithoutRequiringPositiveResults();
        clocks.Check(Code);
    }
}
