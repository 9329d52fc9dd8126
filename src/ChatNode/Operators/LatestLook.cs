using System.Reflection;
using Akka.Actor;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Operators;

/// <summary>What this node last saw of itself; looked at by metrics, written by <see cref="NodeActor"/>.</summary>
public sealed class LatestLook
{
    private volatile OperatorProtocol.NodeStats? _stats;
    private volatile JournalPositions? _journal;

    /// <summary>Null until the first look.</summary>
    public OperatorProtocol.NodeStats? Stats
    {
        get => _stats;
        set => _stats = value;
    }

    /// <inheritdoc cref="Stats"/>
    public JournalPositions? Journal
    {
        get => _journal;
        set => _journal = value;
    }
}

public static class ProgramVersion
{
    /// <summary>With the first digits of the commit that it was built from.</summary>
    public static readonly string Text = Shorten(
        typeof(ProgramVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion
    );

    private static string Shorten(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + 9
            ? version[..(plus + 9)]
            : version;
}

public static class NodeNames
{
    /// <summary><c>host:port</c>: how operators name a node.</summary>
    public static string NodeName(this Address address) => $"{address.Host}:{address.Port}";
}
