using System.Data.Common;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>What <see cref="MessageSearch"/> asks one cell of the index.</summary>
/// <param name="From">The first number that counts.</param>
/// <param name="Below">The first number that counts no more.</param>
/// <param name="Upto">The newest time that counts, in milliseconds.</param>
internal sealed record CellQuestion(Shared.Domain.ChatId Chat, long Cell, long From, long Below, long Upto);

/// <summary>How a database answers; <see cref="MessageSearch"/> decides which cells to ask, and in what order.</summary>
internal interface ISearchIndex
{
    /// <returns>Of each cell the newest hits, at most <paramref name="most"/>.</returns>
    Task<IReadOnlyList<SearchCursor>> AskAsync(
        DbConnection connection,
        SearchQuery query,
        IReadOnlyList<CellQuestion> cells,
        int most,
        CancellationToken cancel
    );

    /// <summary>The time of the chat's first message from this number on; null where there is none.</summary>
    Task<long?> TimeFromAsync(DbConnection connection, Shared.Domain.ChatId chat, long seq, CancellationToken cancel);
}
