namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>
/// That the schema and every statement suit a database that is spread over many servers: docs/scale.md rests on this.
/// </summary>
public sealed class StatementSpecs(StatementFixture run) : IClassFixture<StatementFixture>
{
    private static readonly Dictionary<string, GrowingTable> Growing = TableRules.Growing.ToDictionary(t => t.Name);

    [SkippableFact]
    public void Should_have_run_every_question_of_the_reader_and_every_change_of_the_writer()
    {
        SkipUnlessAvailable();
        Assert.Empty(run.LeftOut);
    }

    [SkippableFact]
    public void Should_keep_every_statement_within_one_chat_user_or_entity_but_those_with_a_reason()
    {
        SkipUnlessAvailable();
        Assert.InRange(run.Plans.Count, 50, int.MaxValue);
        var faults = run.Plans.SelectMany(StatementRules.Faults).Distinct().ToList();
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    [SkippableFact]
    public void Should_name_no_exception_that_nothing_needs()
    {
        SkipUnlessAvailable();
        Assert.Empty(
            TableRules.MaySpan.Where(m => !run.Plans.Any(p => p.Scans.Any(s => m.Covers(p.Sql, s)))).Select(m => m.Sql)
        );
    }

    [SkippableFact]
    public void Should_read_the_messages_of_one_partition()
    {
        SkipUnlessAvailable();
        var reads = run.Plans.Where(p => p.Scans.Any(s => s.Table == "messages")).ToList();
        Assert.InRange(reads.Count, 5, int.MaxValue);
        Assert.All(
            reads,
            p => Assert.Single(p.Scans.Where(s => s.Table == "messages").Select(s => s.Partition).Distinct())
        );
    }

    [SkippableFact]
    public void Should_have_the_distribution_column_in_every_key()
    {
        SkipUnlessAvailable();
        var lacking = run
            .Indexes.Where(i => i.IsUnique && Growing.ContainsKey(i.Table))
            .Where(i => !i.Columns.Split(',').Contains(Growing[i.Table].Key))
            .Select(i => i.Index);
        // The journal's number of an event is unique in the whole database: docs/scale.md says what that means.
        Assert.Equal(["PK_journal"], lacking);
    }

    [SkippableFact]
    public void Should_know_every_table()
    {
        SkipUnlessAvailable();
        Assert.Empty(run.Tables.Except(Growing.Keys).Except(TableRules.Small));
        Assert.Empty(Growing.Keys.Except(run.Tables));
    }

    [SkippableFact]
    public void Should_have_no_foreign_keys_triggers_or_exclusions()
    {
        SkipUnlessAvailable();
        Assert.Empty(run.Constraints);
    }

    [SkippableFact]
    public void Should_use_nothing_that_belongs_to_one_server()
    {
        SkipUnlessAvailable();
        Assert.DoesNotContain(run.Texts, StatementRules.IsLocal);
    }

    private void SkipUnlessAvailable() =>
        Skip.IfNot(run.IsAvailable, "PostgreSQL is not installed here (/usr/lib/postgresql).");
}
