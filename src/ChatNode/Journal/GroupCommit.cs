using System.Threading.Channels;

namespace ChatAi.ChatNode.Journal;

/// <summary>
/// Stores writes together: whatever came while the one before was on its way, so that an idle journal answers at once
/// and a busy one pays for a transaction once. What one entity does wrong fails for it alone.
/// </summary>
/// <param name="capacity">Writes that may wait.</param>
/// <param name="groupRows">A group gets no further write once it has so many rows.</param>
public sealed class GroupCommit(int capacity, int groupRows)
{
    private readonly Channel<JournalWrite> _waiting = Channel.CreateBounded<JournalWrite>(capacity);

    /// <summary>False when too much waits.</summary>
    public bool TryAdd(JournalWrite write) => _waiting.Writer.TryWrite(write);

    /// <summary>What waits is still written; nothing new is taken.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Writes until there is nothing left after <see cref="Complete"/>. May run several times at once.</summary>
    /// <param name="insert">
    /// Stores the rows of all in one transaction; <see cref="WriteRefusedException"/> when any of them is there already.
    /// </param>
    public async Task RunAsync(Func<IReadOnlyList<JournalWrite>, Task> insert)
    {
        var group = new List<JournalWrite>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var rows = 0;
            while (rows < groupRows && _waiting.Reader.TryRead(out var write))
            {
                group.Add(write);
                rows += write.Rows.Count;
            }
            if (group.Count > 0)
                await StoreAsync(group, insert);
            group.Clear();
        }
    }

    private static async Task StoreAsync(List<JournalWrite> group, Func<IReadOnlyList<JournalWrite>, Task> insert)
    {
        try
        {
            await insert(group);
            foreach (var write in group)
                write.Done();
        }
        catch (WriteRefusedException refused) when (group.Count == 1)
        {
            group[0].Fail(refused);
        }
        catch (WriteRefusedException)
        {
            // Nothing of the group was stored: each for itself shows whose history it is.
            foreach (var write in group)
                await StoreAsync([write], insert);
        }
        catch (Exception unknown)
        {
            // Perhaps stored, perhaps not: each entity starts anew from what the table has.
            foreach (var write in group)
                write.Fail(unknown);
        }
    }
}
