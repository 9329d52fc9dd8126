using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Ai;

/// <summary>Read tables in memory: only what the assistant asks for.</summary>
internal sealed class FakeReader : IChatReader
{
    public List<ChatMessage> Messages { get; } = [];
    public Dictionary<UserId, string> Names { get; } = [];
    public List<ChatId> Stale { get; } = [];
    public List<AiRunRow> Open { get; } = [];
    public List<RestOfPage> Pages { get; } = [];
    public Exception? Failure { get; set; }

    public Task<IReadOnlyList<ChatMessage>> MessagesAsync(ChatId chat, RestOfPage page, CancellationToken cancel)
    {
        Pages.Add(page);
        if (Failure is not null)
            return Task.FromException<IReadOnlyList<ChatMessage>>(Failure);
        var found = Messages.Where(m => m.Seq >= page.From && m.Seq <= page.To);
        found = page.NewestFirst ? found.OrderByDescending(m => m.Seq) : found.OrderBy(m => m.Seq);
        return Task.FromResult<IReadOnlyList<ChatMessage>>([.. found.Take(page.Take)]);
    }

    public Task<IReadOnlyDictionary<UserId, string>> NamesAsync(
        IReadOnlyCollection<UserId> users,
        CancellationToken cancel
    ) =>
        Task.FromResult<IReadOnlyDictionary<UserId, string>>(
            Names.Where(n => users.Contains(n.Key)).ToDictionary(n => n.Key, n => n.Value)
        );

    public Task<IReadOnlyList<AiRunRow>> RunsOfAsync(
        ChatId chat,
        UserId by,
        RunId? after,
        int limit,
        long version,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<AiRunRow>> OpenRunsAsync(int limit, CancellationToken cancel) =>
        Failure is null
            ? Task.FromResult<IReadOnlyList<AiRunRow>>([.. Open.Take(limit)])
            : Task.FromException<IReadOnlyList<AiRunRow>>(Failure);

    public Task<IReadOnlyList<ChatId>> StaleSummariesAsync(int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ChatId>>([.. Stale.Take(limit)]);

    public Task<ChatMessage?> FindByCidAsync(
        ChatId chat,
        UserId sender,
        ClientMessageId cid,
        long minHead,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<ChatMessage>> QuotingAsync(
        ChatId chat,
        long seq,
        long minHead,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyList<ChatMessage>>([]);

    public Task<ChatMessage?> FindBySeqAsync(ChatId chat, long seq, long minHead, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<int> CountUnreadAsync(
        ChatId chat,
        UserId user,
        long after,
        long upto,
        long minHead,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<INumberedChatEvent>> EventsAsync(
        ChatId chat,
        RestOfPage page,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<ChatView>> ChatsAsync(
        UserId user,
        int limit,
        ChatCursor? before,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public List<SummaryBlock> Blocks { get; } = [];

    public Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        ChatId chat,
        IReadOnlyList<long> seqs,
        long version,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyList<ChatMessage>>([.. Messages.Where(m => seqs.Contains(m.Seq))]);

    public Task<IReadOnlyList<SummaryBlock>> BlocksAsync(
        ChatId chat,
        int level,
        IReadOnlyList<long> firsts,
        long version,
        CancellationToken cancel
    ) =>
        Task.FromResult<IReadOnlyList<SummaryBlock>>([
            .. Blocks.Where(b => b.Level == level && firsts.Contains(b.First)),
        ]);

    public Task<AiRunRow?> RunAsync(ChatId chat, RunId run, long version, CancellationToken cancel) =>
        RunAsync(run, cancel);

    public Task<AiRunRow?> RunAsync(RunId run, CancellationToken cancel) => throw new NotSupportedException();
}
