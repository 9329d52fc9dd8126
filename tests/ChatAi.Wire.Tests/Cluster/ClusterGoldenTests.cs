using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Cluster;
using ChatAi.Wire.Tests.Journal;

namespace ChatAi.Wire.Tests.Cluster;

public sealed class ClusterGoldenTests
{
    private const string Folder = "Cluster/";

    private static readonly IReadOnlyList<object> Samples = ClusterSamples.All(ClusterSamples.Session);

    public static TheoryData<string> Manifests => [.. ClusterTypes.All.Select(type => type.Manifest)];

    // Of messages that may carry many things, the first: the rest is in the round trips.
    private static object SampleOf(string manifest) =>
        Samples.First(sample => ClusterCodec.Current.ManifestOf(sample) == manifest);

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_write_the_recorded_bytes(string manifest)
    {
        var bytes = ClusterCodec.Current.ToBytes(SampleOf(manifest));

        Assert.Equal(GoldenFiles.ReadOrWrite(Folder + manifest, bytes), bytes);
    }

    /// <summary>What messages carry under an interface: a kind that is forgotten here may be forgotten in the mapping.</summary>
    [Fact]
    public void Should_have_a_sample_of_everything_that_messages_carry()
    {
        AssertAll<IChatCommand>(ClusterSamples.ChatCommandSamples);
        AssertAll<IUserCommand>(ClusterSamples.UserCommandSamples);
        AssertAll<ChatAnswer>(ClusterSamples.AnswerSamples);
        AssertAll<INumberedChatEvent>(ClusterSamples.EventSamples);
        AssertAll<INotice>(ClusterSamples.NoticeSamples);

        static void AssertAll<T>(IEnumerable<T> samples)
            where T : class => Assert.Equal(KindsOf<T>(), samples.Select(sample => sample.GetType()).ToHashSet());
    }

    private static HashSet<Type> KindsOf<T>() =>
        [
            .. typeof(IClusterMessage)
                .Assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T))),
        ];

    [Fact]
    public void Should_have_a_sample_of_every_message()
    {
        var messages = KindsOf<IClusterMessage>();

        Assert.Contains(typeof(ChatProtocol.Execute), messages);
        Assert.Equal(messages, ClusterTypes.All.Select(type => type.Type).ToHashSet());
        Assert.Equal(messages, Samples.Select(sample => sample.GetType()).ToHashSet());
    }
}
