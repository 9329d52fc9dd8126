namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>That the rules find what they are there for.</summary>
public sealed class StatementRulesTests
{
    [Fact]
    public void Should_pass_a_range_of_one_chat() =>
        Assert.Empty(Faults("messages", "Index Scan", "messages_pkey", "((chat_id = 'a'::text) AND (seq > 3))"));

    [Theory]
    [InlineData("Seq Scan", null, "", "reads all of messages")]
    [InlineData("Index Scan", "messages_of_ai", "", "reads all of an index")]
    [InlineData("Index Scan", "messages_by_time", "(created_at > '2026-01-01')", "does not say whose")]
    [InlineData("Index Scan", "messages_pkey", "(chat_id = ANY ('{a,b}'::text[]))", "does not say whose")]
    public void Should_find_what_leaves_the_chat(string kind, string? index, string condition, string fault) =>
        Assert.Contains(Faults("messages", kind, index, condition), f => f.StartsWith(fault, StringComparison.Ordinal));

    [Fact]
    public void Should_take_a_condition_beside_the_index()
    {
        var scan = Scan("ai_runs", "Index Scan", "ai_runs_by_id", "(id = 'r'::text)") with
        {
            Filter = "(chat_id = 'a'::text)",
        };
        Assert.Empty(StatementRules.Faults(new ExecutedStatement("UPDATE ai_runs …", [scan])));
    }

    [Fact]
    public void Should_find_a_statement_about_two_chats()
    {
        var statement = new ExecutedStatement(
            "SELECT …",
            [
                Scan("messages", "Index Scan", "messages_pkey", "(chat_id = 'a'::text)"),
                Scan("chat_members", "Index Scan", "chat_members_pkey", "(chat_id = 'b'::text)"),
            ]
        );
        Assert.StartsWith(
            "names more than one chat",
            Assert.Single(StatementRules.Faults(statement)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("INSERT INTO messages (chat_id, seq) VALUES ($1, $2)", 0)]
    [InlineData("INSERT INTO messages (id, seq) VALUES ($1, $2)", 1)]
    public void Should_want_the_chat_in_an_insert(string sql, int faults) =>
        Assert.Equal(faults, StatementRules.Faults(new ExecutedStatement(sql, [])).Count());

    [Theory]
    [InlineData("LISTEN journal", true)]
    [InlineData("SELECT nextval('numbers')", true)]
    [InlineData("SELECT pg_try_advisory_lock(1)", true)]
    [InlineData("SELECT pg_advisory_xact_lock(7301)", false)]
    [InlineData("SELECT content FROM messages", false)]
    public void Should_find_what_one_server_alone_can_do(string sql, bool isLocal) =>
        Assert.Equal(isLocal, StatementRules.IsLocal(sql));

    [Fact]
    public void Should_read_plans()
    {
        var statement = ExecutedStatement.Parse(
            """
            { "Query Text": "UPDATE  messages\n SET deleted = TRUE",
              "Plan": { "Node Type": "ModifyTable", "Relation Name": "messages", "Plans": [
                { "Node Type": "Bitmap Heap Scan", "Relation Name": "messages_07", "Actual Loops": 1,
                  "Recheck Cond": "(chat_id = 'a'::text)", "Plans": [
                    { "Node Type": "Bitmap Index Scan", "Index Name": "messages_07_pkey" } ] } ] } }
            """
        );
        var scan = Assert.Single(statement.Scans);
        Assert.Equal("UPDATE messages SET deleted = TRUE", statement.Sql);
        Assert.Equal(
            ("messages", "messages_07", "(chat_id = 'a'::text)"),
            (scan.Table, scan.Partition, scan.Condition)
        );
        Assert.Equal(["messages_07_pkey"], scan.Indexes);
    }

    private static IEnumerable<string> Faults(string table, string kind, string? index, string condition) =>
        StatementRules.Faults(new ExecutedStatement("SELECT …", [Scan(table, kind, index, condition)]));

    private static TableScan Scan(string table, string kind, string? index, string condition) =>
        new(kind, table, table, index is null ? [] : [index], condition, "", true);
}
