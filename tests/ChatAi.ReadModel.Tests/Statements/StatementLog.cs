using System.Text.Json;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>
/// What a PostgreSQL server has executed, from its own log: every statement (<c>log_statement</c>) and the plan that it
/// ran with (<c>auto_explain</c>). Nothing that reaches the server can be left out of it.
/// </summary>
public static class StatementLog
{
    /// <summary>The sessions that count name themselves so; what a test does for itself does not count.</summary>
    public const string Application = "chatnode";

    public static readonly string[] Settings =
    [
        "session_preload_libraries=auto_explain",
        "auto_explain.log_min_duration=0",
        "auto_explain.log_analyze=on",
        "auto_explain.log_timing=off",
        "auto_explain.log_format=json",
        "log_statement=all",
        "logging_collector=on",
        "log_destination=jsonlog",
        "log_directory=statements",
        "log_rotation_size=0",
    ];

    /// <summary>A statement with this text, in a database, says that from here on what runs in it counts.</summary>
    public const string Marker = "SELECT 'from here on'";

    /// <param name="dataFolder">Of the server, which must have stopped: it writes its log behind.</param>
    public static (IReadOnlyList<ExecutedStatement> Plans, IReadOnlyList<string> Texts) Read(string dataFolder)
    {
        // One of each kind: the same text with the same way to its rows.
        var plans = new Dictionary<string, ExecutedStatement>(StringComparer.Ordinal);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var watched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(dataFolder, "statements"), "*.json"))
        foreach (var line in File.ReadLines(file))
        {
            using var entry = JsonDocument.Parse(line);
            if (Text(entry, "dbname") is not { } database || Text(entry, "message") is not { } message)
                continue;
            if (message.EndsWith(Marker, StringComparison.Ordinal))
                watched.Add(database);
            if (Text(entry, "application_name") != Application)
                continue;
            if (StatementOf(message) is { } text)
                texts.Add(text);
            else if (
                watched.Contains(database) && message.IndexOf("plan:\n", StringComparison.Ordinal) is var plan and >= 0
            )
            {
                var executed = ExecutedStatement.Parse(message[(plan + "plan:\n".Length)..]);
                plans.TryAdd(executed.Sql + string.Join('|', executed.Scans), executed);
            }
        }
        return ([.. plans.Values], [.. texts]);
    }

    // "statement: …" and "execute <unnamed>: …".
    private static string? StatementOf(string message) =>
        message.StartsWith("statement: ", StringComparison.Ordinal) ? message["statement: ".Length..]
        : message.StartsWith("execute ", StringComparison.Ordinal)
            ? message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..]
        : null;

    private static string? Text(JsonDocument entry, string name) =>
        entry.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
