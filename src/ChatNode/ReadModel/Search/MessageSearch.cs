using System.Data.Common;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>
/// Walks the user's chats by their last message and each chat's cells, newest first, until the page is full and no chat
/// that is left can have a newer hit. At worst it asks every cell of the user's own chats once; nothing it does grows with
/// what others have written.
/// </summary>
public sealed class MessageSearch(ReadStore store, TimeProvider time) : IMessageSearch, IDisposable
{
    /// <summary>A search that takes longer is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int FirstChats = 32;
    private const int MostChats = 512;
    private const int MostCells = 64;

    // A search may take many times as long as other reads, which must find the database free.
    private readonly SemaphoreSlim _gate = new(store.Dialect == ReadDialect.Sqlite ? 1 : 6);

    private readonly ISearchIndex _index =
        store.Dialect == ReadDialect.Sqlite ? new SqliteSearchIndex() : new PostgresSearchIndex();

    public async Task<SearchPage> FindAsync(
        UserId user,
        SearchQuery query,
        ChatId? chat,
        int limit,
        SearchCursor? before,
        CancellationToken cancel
    )
    {
        if (query.IsEmpty)
            return new SearchPage([], null);
        using var late = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await _gate.WaitAsync(stop.Token);
            try
            {
                return await store.RunAsync(
                    async (db, token) =>
                    {
                        var connection = await db.OpenDbConnectionAsync(token);
                        return await new Walk(_index, connection, query, limit + 1, before, token).RunAsync(
                            new SearchChats(store.Dialect, connection, user, chat)
                        );
                    },
                    stop.Token
                );
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException("The search took too long.", e);
        }
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Walk(
        ISearchIndex index,
        DbConnection connection,
        SearchQuery query,
        int wanted,
        SearchCursor? before,
        CancellationToken cancel
    )
    {
        private readonly List<SearchCursor> _found = [];

        public async Task<SearchPage> RunAsync(SearchChats chats)
        {
            for (var size = FirstChats; ; size = Math.Min(size * 4, MostChats))
            {
                var page = await chats.NextAsync(size, cancel);
                await AskAsync(page);
                Keep();
                if (page.Count < size || IsFull(page[^1].LastAt))
                    break;
            }
            var hits = _found.Take(wanted - 1).ToList();
            return new SearchPage(hits, _found.Count == wanted ? hits[^1] : null);
        }

        private void Keep()
        {
            _found.Sort(SearchCursor.Compare);
            if (_found.Count > wanted)
                _found.RemoveRange(wanted, _found.Count - wanted);
        }

        // The chats to come have nothing newer than the last one seen.
        private bool IsFull(long lastAt) => _found.Count == wanted && _found[^1].At > lastAt;

        private async Task AskAsync(IReadOnlyList<SearchedChat> chats)
        {
            var open = new List<OpenChat>(chats.Count);
            foreach (var chat in chats)
                open.Add(new OpenChat(chat, await NewestCellAsync(chat)));
            for (var cells = 1; open.Count > 0; cells = Math.Min(cells * 4, MostCells))
            {
                var questions = open.SelectMany(c => c.Next(cells, before)).ToList();
                foreach (var part in questions.Chunk(MostChats))
                {
                    var hits = await index.AskAsync(connection, query, part, wanted, cancel);
                    _found.AddRange(hits);
                    foreach (var chat in hits.GroupBy(h => h.Chat))
                        open.Find(o => o.Chat.Id == chat.Key)!.Found += chat.Count();
                }
                open.RemoveAll(c => c.Cell < c.LastCell || c.Found >= wanted);
            }
        }

        /// <summary>The newest cell that may hold something before the page's beginning: where there are many, by halving.</summary>
        private async Task<long> NewestCellAsync(SearchedChat chat)
        {
            var (low, high) = (SearchCells.Of(chat.From), SearchCells.Of(chat.Head));
            if (before is null)
                return high;
            if (chat.Id == before.Chat)
                return Math.Min(high, SearchCells.Of(before.Seq));
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                var at = await index.TimeFromAsync(connection, chat.Id, middle * SearchCells.Size, cancel);
                if (at is null || at > before.At)
                    high = middle - 1;
                else
                    low = middle;
            }
            return high;
        }
    }

    private sealed class OpenChat(SearchedChat chat, long cell)
    {
        public SearchedChat Chat => chat;
        public long Cell { get; private set; } = cell;
        public long LastCell { get; } = SearchCells.Of(chat.From);
        public int Found { get; set; }

        public IEnumerable<CellQuestion> Next(int cells, SearchCursor? before)
        {
            var (below, upto) = (long.MaxValue, long.MaxValue);
            if (before is not null && before.Chat == chat.Id)
                below = before.Seq;
            else if (before is not null)
                // At the very same time, chats come by their ids.
                upto =
                    string.CompareOrdinal(chat.Id.ToString(), before.Chat.ToString()) > 0 ? before.At : before.At - 1;
            for (; cells > 0 && Cell >= LastCell; cells--, Cell--)
                yield return new CellQuestion(
                    chat.Id,
                    Cell,
                    Math.Max(chat.From, Cell * SearchCells.Size),
                    Math.Min(below, (Cell + 1) * SearchCells.Size),
                    upto
                );
        }
    }
}
