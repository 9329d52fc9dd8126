using System.Text.RegularExpressions;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>What is wrong with a statement where every chat may lie on another server: pure.</summary>
public static partial class StatementRules
{
    private static readonly Dictionary<string, GrowingTable> Growing = TableRules.Growing.ToDictionary(t => t.Name);

    [GeneratedRegex(@"^\s*INSERT INTO (?<table>\w+)\s*\((?<columns>[^)]*)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Insert();

    [GeneratedRegex(@"\b(?:chat_id|id) = '(?<id>[^']+)'")]
    private static partial Regex ChatNamed();

    [GeneratedRegex(@"\b(?<name>pg_\w*advisory\w*|pg_locks|pg_notify|nextval|currval|lastval|setval|to_regclass)\b")]
    private static partial Regex Function();

    [GeneratedRegex(
        @"^\s*(?:LISTEN|NOTIFY|UNLISTEN|LOCK|COPY|DECLARE|FETCH|PREPARE TRANSACTION)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Command();

    public static IEnumerable<string> Faults(ExecutedStatement statement)
    {
        var sql = statement.Sql;
        foreach (var scan in statement.Scans.Where(s => Growing.ContainsKey(s.Table)))
        {
            if (TableRules.MaySpan.Any(m => m.Covers(sql, scan)))
                continue;
            var table = Growing[scan.Table];
            if (scan.Indexes.Count == 0)
                yield return $"reads all of {table.Name}: {sql}";
            else if (scan.Condition.Length == 0)
                yield return $"reads all of an index of {table.Name}: {sql}";
            if (!Binds($"{scan.Condition} {scan.Filter}", table.Key))
                yield return $"does not say whose rows of {table.Name} it means, one {table.Of}'s: {sql}";
        }
        if (ChatsNamed(statement).Distinct().Skip(1).Any())
            yield return $"names more than one chat: {sql}";
        if (
            Insert().Match(sql) is { Success: true } insert
            && Growing.TryGetValue(insert.Groups["table"].Value, out var into)
        )
            if (!insert.Groups["columns"].Value.Split(',').Any(c => c.Trim().Trim('"') == into.Key))
                yield return $"inserts into {into.Name} without {into.Key}: {sql}";
    }

    /// <summary>Whether it needs what only a single server has, without a reason in <see cref="TableRules"/>.</summary>
    public static bool IsLocal(string sql) =>
        Command().IsMatch(sql)
        || Function().Matches(sql).Any(f => !TableRules.LocalFunctions.ContainsKey(f.Groups["name"].Value));

    /// <summary>Whether the condition holds the column to one value: a constant, a parameter or another table's column.</summary>
    public static bool Binds(string condition, string column) =>
        Regex.IsMatch(condition, $@"(?<![\w.]){column}(\)?::text)? = (?!ANY)");

    private static IEnumerable<string> ChatsNamed(ExecutedStatement statement) =>
        statement
            .Scans.Where(s => Growing.TryGetValue(s.Table, out var table) && table.Of == "chat")
            .SelectMany(s =>
                ChatNamed()
                    .Matches(s.Condition)
                    .Where(m => s.Table == "chats" || m.Value.StartsWith("chat_id", StringComparison.Ordinal))
            )
            .Select(m => m.Groups["id"].Value);
}
