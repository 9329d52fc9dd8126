namespace ChatAi.ChatNode.Journal;

/// <summary>Where the journal's rows are stored, on a connection of its own. One caller at a time.</summary>
public interface IJournalTable : IAsyncDisposable
{
    /// <summary>Stores the rows of all in one transaction: done means on the disk.</summary>
    /// <exception cref="WriteRefusedException">One of the rows is there already; none of them was stored.</exception>
    Task InsertAsync(IReadOnlyList<JournalWrite> group);
}
