using ChatAi.ChatNode.Journal;

namespace ChatAi.ReadModel.Tests.Journal;

public sealed class GroupCommitTests
{
    private readonly GroupCommit _groups = new(capacity: 3, groupRows: 2);
    private readonly List<string> _stored = [];

    [Fact]
    public async Task Should_fail_only_the_write_whose_history_somebody_else_writes()
    {
        var (good, refused, other) = (Write("a"), Write("taken"), Write("b"));
        await RunAsync(good, refused, other);
        await good.Written;
        await other.Written;
        await Assert.ThrowsAsync<WriteRefusedException>(() => refused.Written);
        Assert.Equal(["a", "b"], _stored);
    }

    [Fact]
    public async Task Should_fail_all_of_a_group_when_nobody_knows_what_was_stored()
    {
        var (one, two, later) = (Write("lost"), Write("a"), Write("b"));
        await RunAsync(one, two, later);
        await Assert.ThrowsAsync<IOException>(() => one.Written);
        await Assert.ThrowsAsync<IOException>(() => two.Written);
        await later.Written;
        Assert.Equal(["b"], _stored);
    }

    [Fact]
    public void Should_take_no_more_than_may_wait()
    {
        Assert.All(Enumerable.Range(0, 3), i => Assert.True(_groups.TryAdd(Write($"{i}"))));
        Assert.False(_groups.TryAdd(Write("one too many")));
    }

    private async Task RunAsync(params JournalWrite[] writes)
    {
        Assert.All(writes, write => Assert.True(_groups.TryAdd(write)));
        _groups.Complete();
        await _groups.RunAsync(InsertAsync);
    }

    private Task InsertAsync(IReadOnlyList<JournalWrite> group)
    {
        var ids = group.Select(write => write.PersistenceId).ToList();
        if (ids.Contains("taken"))
            return Task.FromException(new WriteRefusedException("taken", 1));
        if (ids.Contains("lost"))
            return Task.FromException(new IOException("The connection broke."));
        _stored.AddRange(ids);
        return Task.CompletedTask;
    }

    private static JournalWrite Write(string id) => new(id, [new JournalRow(id, 1, [], "event", 1, "writer")]);
}
