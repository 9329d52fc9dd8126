namespace ChatAi.ChatNode.Telemetry;

/// <summary>Akka writes level, time, thread and source into its lines, which have fields of their own here.</summary>
public static class AkkaLine
{
    private const int Prefixes = 3;

    /// <summary>The actor that speaks and what it says; no source where the line is made otherwise.</summary>
    public static (string? Source, string Message) Split(string category, string line)
    {
        if (!category.StartsWith("Akka", StringComparison.Ordinal))
            return (null, line);
        var rest = line.AsSpan();
        for (var i = 0; i < Prefixes; i++)
        {
            var end = rest.IndexOf(']');
            if (end < 0 || rest[0] != '[')
                return (null, line);
            rest = rest[(end + 1)..];
        }
        var source = rest.IndexOf("] ", StringComparison.Ordinal);
        return source > 0 && rest[0] == '['
            ? (rest[1..source].ToString(), rest[(source + 2)..].ToString())
            : (null, line);
    }
}
