using ChatAi.Shared.Domain.Chats;
using Google.Protobuf;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization;

/// <summary>
/// What messages of one chat were edited or deleted, and what of its journal held their words before (docs/adr/0017).
/// Pure. Give it the events by rising number: what a run was asked for is learned on the way.
/// </summary>
public sealed class TakenBack
{
    /// <summary>The events by which words are taken back.</summary>
    public static readonly IReadOnlyList<string> Causes = ["chat.message-edited.v1", "chat.message-deleted.v1"];

    /// <summary>The events that may hold words of a message, and how to take them out.</summary>
    private static readonly Dictionary<string, Func<TakenBack, long, byte[], byte[]?>> Rewriters = new(
        StringComparer.Ordinal
    )
    {
        ["chat.message-sent.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.MessageSent.Parser.ParseFrom(b)),
        ["chat.message-edited.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.MessageEdited.Parser.ParseFrom(b)),
        ["chat.ai-run-requested.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.AiRunRequested.Parser.ParseFrom(b)),
        ["chat.ai-run-completed.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.AiRunCompleted.Parser.ParseFrom(b)),
        ["chat.summary-updated.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.SummaryUpdated.Parser.ParseFrom(b)),
        ["chat.summary-block-made.v1"] = (t, nr, b) => t.Rewrite(nr, Stored.SummaryBlockMade.Parser.ParseFrom(b)),
    };

    private readonly Dictionary<long, long> _changes = [];
    private readonly Dictionary<long, long> _deleted = [];
    private readonly Dictionary<ByteString, long> _triggers = [];

    /// <param name="changes">
    /// Edits and deletions with their journal numbers; what has a higher number than the last change of a message is as
    /// it shall be.
    /// </param>
    public TakenBack(IEnumerable<(long SequenceNr, object Event)> changes)
    {
        foreach (var (number, e) in changes)
            if (TargetOf(e) is { } target)
            {
                _changes[target] = Math.Max(_changes.GetValueOrDefault(target), number);
                if (e is ChatEvents.MessageDeleted)
                    _deleted[target] = number;
                Last = Math.Max(Last, number);
            }
    }

    /// <summary>The manifests of events to look at.</summary>
    public static IEnumerable<string> Holders => Rewriters.Keys;

    /// <summary>
    /// Nothing with a lower journal number holds words of these messages: a chat's own numbers never run ahead of the
    /// journal's.
    /// </summary>
    public long First => _changes.Count == 0 ? long.MaxValue : _changes.Keys.Min();

    /// <summary>The journal number of the last change.</summary>
    public long Last { get; }

    /// <summary>The event without the words; null where it has none of them, or no longer.</summary>
    public byte[]? Rewrite(long sequenceNr, string manifest, byte[] payload) =>
        Rewriters.TryGetValue(manifest, out var rewrite) ? rewrite(this, sequenceNr, payload) : null;

    private byte[]? Rewrite(long number, Stored.MessageSent e)
    {
        var changed = false;
        if (!e.HasRedacted && IsOld(number, e.Seq))
        {
            e.Redacted = e.Text.Length;
            e.Text = "";
            changed = true;
        }
        // An edit leaves a message its files. What their bytes are counted by stays: a rebuild has to let go of them.
        if (_deleted.TryGetValue(e.Seq, out var deletion) && number < deletion)
            foreach (var file in e.Attachments.Where(file => file.Name.Any(letter => letter != '_')))
            {
                file.Name = new string('_', file.Name.Length);
                changed = true;
            }
        return changed ? e.ToByteArray() : null;
    }

    private byte[]? Rewrite(long number, Stored.MessageEdited e)
    {
        if (e.HasRedacted || !IsOld(number, e.Target))
            return null;
        e.Redacted = e.Text.Length;
        e.Text = "";
        return e.ToByteArray();
    }

    private byte[]? Rewrite(long number, Stored.AiRunRequested e)
    {
        if (!e.HasTriggerSeq)
            return null;
        _triggers[e.Run] = e.TriggerSeq;
        if (e.Redacted || !IsOld(number, e.TriggerSeq))
            return null;
        e.Redacted = true;
        e.Prompt = "";
        return e.ToByteArray();
    }

    // The same messages as RowChange.WithdrawAnswers: whatever the answer may rest on.
    private byte[]? Rewrite(long number, Stored.AiRunCompleted e)
    {
        var first = e.Provenance.SummaryVersion > 0 ? 1 : e.Provenance.FirstSeq;
        var used = IsAnyOld(number, first, e.Provenance.LastSeq);
        if (
            e.Redacted
            || !e.HasText
            || !(used || (_triggers.TryGetValue(e.Run, out var asked) && IsOld(number, asked)))
        )
            return null;
        e.Redacted = true;
        e.Text = "";
        return e.ToByteArray();
    }

    private byte[]? Rewrite(long number, Stored.SummaryUpdated e)
    {
        if (e.Redacted || !IsAnyOld(number, e.FromSeq, e.LatestSeq))
            return null;
        e.Redacted = true;
        e.Text = e.InputHash = "";
        return e.ToByteArray();
    }

    private byte[]? Rewrite(long number, Stored.SummaryBlockMade e)
    {
        var key = new Domain.Ai.Blocks.BlockKey(e.Level, e.FirstSeq);
        if (e.Redacted || !IsAnyOld(number, key.First, key.Last))
            return null;
        e.Redacted = true;
        e.Text = e.InputHash = "";
        return e.ToByteArray();
    }

    private bool IsOld(long number, long target) => _changes.TryGetValue(target, out var change) && number < change;

    private bool IsAnyOld(long number, long first, long last) =>
        _changes.Any(c => c.Key >= first && c.Key <= last && number < c.Value);

    private static long? TargetOf(object e) =>
        e is ChatEvents.MessageEdited edited ? edited.Target : (e as ChatEvents.MessageDeleted)?.Target;
}
