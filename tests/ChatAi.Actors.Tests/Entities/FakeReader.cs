using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Entities;

/// <summary>A read side that answers when the test lets it.</summary>
internal sealed class FakeReader : IChatReader
{
    public Func<ClientMessageId, Task<ChatMessage?>> ByCid { get; set; } = _ => Task.FromResult<ChatMessage?>(null);

    public Task<ChatMessage?> FindByCidAsync(
        ChatId chat,
        UserId sender,
        ClientMessageId cid,
        long minHead,
        CancellationToken cancel
    ) => ByCid(cid);

    public Task<IReadOnlyList<ChatMessage>> QuotingAsync(
        ChatId chat,
        long seq,
        long minHead,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyList<ChatMessage>>([]);

    public Task<ChatMessage?> FindBySeqAsync(ChatId chat, long seq, long minHead, CancellationToken cancel) =>
        Task.FromResult<ChatMessage?>(null);

    public Task<int> CountUnreadAsync(
        ChatId chat,
        UserId user,
        long after,
        long upto,
        long minHead,
        CancellationToken cancel
    ) => Task.FromResult(0);

    public Task<IReadOnlyList<ChatMessage>> MessagesAsync(ChatId chat, RestOfPage page, CancellationToken cancel) =>
        throw new NotSupportedException();

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
    ) => Task.FromResult<IReadOnlyList<ChatView>>([]);

    public Task<IReadOnlyDictionary<UserId, string>> NamesAsync(
        IReadOnlyCollection<UserId> users,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public async Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        ChatId chat,
        IReadOnlyList<long> seqs,
        long version,
        CancellationToken cancel
    ) =>
        [
            .. (
                await MessagesAsync(chat, new RestOfPage(1, long.MaxValue, int.MaxValue, false, version), cancel)
            ).Where(m => seqs.Contains(m.Seq)),
        ];

    public Task<IReadOnlyList<SummaryBlock>> BlocksAsync(
        ChatId chat,
        int level,
        IReadOnlyList<long> firsts,
        long version,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyList<SummaryBlock>>([]);

    public Task<AiRunRow?> RunAsync(ChatId chat, RunId run, long version, CancellationToken cancel) =>
        RunAsync(run, cancel);

    public Task<AiRunRow?> RunAsync(RunId run, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<AiRunRow>> RunsOfAsync(
        ChatId chat,
        UserId by,
        RunId? after,
        int limit,
        long version,
        CancellationToken cancel
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<AiRunRow>> OpenRunsAsync(int limit, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ChatId>> StaleSummariesAsync(int limit, CancellationToken cancel) =>
        throw new NotSupportedException();
}
