using System.Text.Json.Nodes;

namespace ChatAi.Client.Sending;

/// <summary>Receipts: merged a chat, only ever rising, kept until the server has taken them.</summary>
internal sealed class Acks(Func<JsonObject, CancellationToken, Task> send)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Marks> _wanted = [];
    private readonly Dictionary<Guid, Marks> _taken = [];

    public void Raise(Guid chat, long recv, long read)
    {
        lock (_gate)
        {
            _wanted[chat] = _wanted.GetValueOrDefault(chat, Marks.None).Raised(new Marks(recv, read));
        }
    }

    public async Task FlushAsync(CancellationToken stop)
    {
        foreach (var (chat, marks) in Rising())
        {
            try
            {
                var d = new JsonObject
                {
                    ["chat"] = $"{chat}",
                    ["recv"] = marks.Recv,
                    ["read"] = marks.Read,
                };
                await send(d, stop).ConfigureAwait(false);
                Settle(chat, marks);
            }
            catch (ChatAiException refused) when (!refused.Retry)
            {
                // A chat that is no longer ours takes none.
                Settle(chat, marks);
            }
            catch (ChatAiException)
            {
                // Kept: the next connection, or the next mark, sends it again.
                return;
            }
        }
    }

    private List<KeyValuePair<Guid, Marks>> Rising()
    {
        lock (_gate)
        {
            return [.. _wanted.Where(mark => _taken.GetValueOrDefault(mark.Key, Marks.None) != mark.Value)];
        }
    }

    private void Settle(Guid chat, Marks marks)
    {
        lock (_gate)
        {
            _taken[chat] = marks;
        }
    }

    private sealed record Marks(long Recv, long Read)
    {
        public static readonly Marks None = new(0, 0);

        public Marks Raised(Marks other) => new(Math.Max(Recv, other.Recv), Math.Max(Read, other.Read));
    }
}
