using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Folds one chat's events of a batch into row changes: pure, and by the rules of <see cref="ChatState.Apply(IChatEvent)"/>.
/// The chat's row and the messages touched are written once a batch, with their final values.
/// </summary>
internal sealed class ChatFold(ChatId chat, LoadedChat loaded)
{
    private readonly string _id = chat.ToString();
    private readonly List<RowChange> _changes = [];
    private readonly UnreadCounts _unread = new(chat);
    private readonly Dictionary<long, ChatMessage> _messages = new(loaded.Targets);
    private readonly List<long> _inserted = [];
    private readonly HashSet<long> _insertedSet = [];
    private readonly HashSet<long> _updated = [];
    private (long From, long Latest)? _summary = loaded.Summary;
    private bool _count;
    private MessageSent? _newest;
    private MessageSent? _newestOfOthers;
    private ChatRow? _row = loaded.Row;

    private ChatRow Row
    {
        get =>
            _row
            ?? throw new InvalidOperationException($"The journal of chat {chat} does not begin with its creation.");
        set => _row = value;
    }

    public void Apply(long sequenceNr, IChatEvent e)
    {
        // Delivered before: whatever the stored offset says, a chat's rows take each event once.
        if (sequenceNr <= (_row?.Version ?? 0))
            return;
        if (e is ChatCreated created)
            Create(created);
        Row = Row with { Version = sequenceNr };
        if (e is INumberedChatEvent numbered)
        {
            Row = Row with { Head = numbered.Seq };
            if (e is not MessageSent)
                _changes.Add(new RowChange.InsertEvent(EventOf(numbered)));
        }
        ApplyKind(e);
    }

    public IEnumerable<RowChange> Finish()
    {
        if (_row is null || _row.Version == loaded.Version)
            return [];
        _unread.Flush(_changes);
        foreach (var seq in _inserted)
            _changes.Add(new RowChange.InsertMessage(chat, _messages[seq]));
        foreach (var seq in _updated)
            _changes.Add(new RowChange.UpdateMessage(chat, _messages[seq]));
        _changes.Add(loaded.Row is null ? new RowChange.InsertChat(_row) : new RowChange.UpdateChat(_row));
        if (loaded.Row is null)
            _changes.Add(new RowChange.OpenIndex(chat));
        foreach (var seq in _inserted)
            _changes.Add(new RowChange.IndexMessage(chat, _messages[seq]));
        foreach (var seq in _updated)
            if (loaded.Targets[seq].Text != _messages[seq].Text)
                _changes.Add(new RowChange.ReindexMessage(chat, seq, loaded.Targets[seq].Text, _messages[seq].Text));
        if (_count && _summary is { } summary)
            _changes.Add(new RowChange.CountUnsummarized(chat, summary.Latest));
        AddPushes();
        return _changes;
    }

    // One row a device and chat stands for all that is new: the newest message for everyone but its sender, and for
    // that one the newest of the others.
    private void AddPushes()
    {
        if (_newest is not { } newest)
            return;
        _changes.Add(new RowChange.EnqueuePush(chat, newest.Seq, newest.Sender, null, newest.At));
        if (_newestOfOthers is { } other)
            _changes.Add(new RowChange.EnqueuePush(chat, other.Seq, other.Sender, newest.Sender, other.At));
        _newest = _newestOfOthers = null;
    }

    private void ApplyKind(IChatEvent e)
    {
        switch (e)
        {
            case ChatCreated:
                break;
            case MessageSent sent:
                Send(sent);
                break;
            case MessageEdited edited:
                Mutate(edited.Target, message => message.Apply(edited));
                _changes.Add(new RowChange.RedactEdits(chat, edited.Target, edited.Text));
                break;
            case MessageDeleted deleted:
                _unread.Flush(_changes);
                _changes.Add(new RowChange.DropUnread(chat, deleted.Target, deleted.Sender));
                DropFiles(deleted.Target);
                Mutate(deleted.Target, message => message.Apply(deleted));
                _changes.Add(new RowChange.RedactEdits(chat, deleted.Target));
                break;
            case MessageReacted reacted:
                Change(reacted.Target, message => message.Apply(reacted));
                break;
            case MemberAdded added:
                _unread.Flush(_changes);
                _changes.Add(new RowChange.InsertMember(MemberOf(added)));
                break;
            case MemberRemoved removed:
                _unread.Flush(_changes);
                _changes.Add(new RowChange.DeleteMember(chat, removed.User));
                _changes.Add(new RowChange.WithdrawAnswersOf(chat, removed.User));
                break;
            case MemberRoleChanged changed:
                _changes.Add(new RowChange.SetRole(chat, changed.User, changed.Role));
                break;
            case ChatUpdated updated:
                Row = Row with { Title = updated.Title };
                break;
            case AiPolicyChanged policy:
                Row = Row with
                {
                    AiEnabled = policy.Enabled,
                    AiSummon = RowValues.TextOf(policy.Summon),
                    AiUnasked = policy.Unasked,
                };
                break;
            case ReceiptsAdvanced receipts:
                foreach (var mark in receipts.Marks)
                    _unread.Marked(mark);
                break;
            case BlockChanged:
                // Nobody reads it from the tables.
                break;
            case MemberSettingsChanged s:
                // What came before is told by the settings of before.
                AddPushes();
                _changes.Add(new RowChange.SetSettings(chat, s.User, s.Muted, s.Archived, s.Pinned));
                break;
            case AiRunRequested run:
                _changes.Add(new RowChange.InsertRun(RunOf(run)));
                break;
            case AiRunCompleted run:
                End(run.Run, AiRunStatus.Done, run.At, run.Text, run.Cites, run.Provenance);
                break;
            case AiRunFailed run:
                End(run.Run, AiRunStatus.Failed, run.At, failure: new Rejection(run.Code, run.Reason));
                break;
            case AiRunCancelled run:
                End(run.Run, AiRunStatus.Cancelled, run.At);
                break;
            case SummaryBlockMade block:
                _changes.Add(new RowChange.PutBlock(BlockOf(block)));
                break;
            case SummaryUpdated summary:
                Summarize(summary);
                break;
            default:
                throw new InvalidOperationException($"The projection does not know the event {e.GetType().Name}.");
        }
    }

    private void Create(ChatCreated e)
    {
        _row = new ChatRow
        {
            Id = _id,
            Type = RowValues.TextOf(e.Type),
            Title = e.Title,
            CreatedAt = e.At,
            LastMessageAt = e.At,
        };
        foreach (var member in e.Members)
        {
            var peer = e.Type == ChatType.OneToOne ? e.Members.FirstOrDefault(m => m.User != member.User) : null;
            _changes.Add(
                new RowChange.InsertMember(
                    new MemberRow
                    {
                        ChatId = _id,
                        UserId = member.User.ToString(),
                        Role = RowValues.TextOf(member.Role),
                        FromSeq = 1,
                        PeerId = peer?.User.ToString(),
                        LastMessageAt = e.At,
                    }
                )
            );
        }
    }

    private void Send(MessageSent e)
    {
        _messages[e.Seq] = ChatMessage.From(e);
        _inserted.Add(e.Seq);
        _insertedSet.Add(e.Seq);
        var last = e.At > Row.LastMessageAt ? e.At : Row.LastMessageAt;
        _unread.Sent(e.Sender, last);
        if (_newest is { } before && before.Sender != e.Sender)
            _newestOfOthers = before;
        _newest = e;
        Row = Row with
        {
            LastMessageAt = last,
            LastMessagePreview = Preview.Of(e.Text, e.Attachments),
            LastMessageSeq = e.Seq,
            AiMessages = Row.AiMessages + (e.IsAi ? 1 : 0),
            HumanMessages = Row.HumanMessages + (e.IsAi ? 0 : 1),
            Unsummarized = Row.Unsummarized + 1,
        };
        if (e.Run is { } run)
            _changes.Add(new RowChange.LinkRun(chat, run, e.Seq));
        foreach (var attachment in e.Attachments)
            _changes.Add(new RowChange.AddReference(chat, e.Seq, e.Sender, attachment));
    }

    /// <summary>For whatever makes a tombstone of a message; before the message changes.</summary>
    private void DropFiles(long target)
    {
        if (_messages.TryGetValue(target, out var message) && message.Attachments.Count > 0)
            _changes.Add(new RowChange.DropReferences(chat, target, message.Attachments));
    }

    private void Mutate(long target, Func<ChatMessage, ChatMessage> change)
    {
        Change(target, change);
        _changes.Add(new RowChange.WithdrawAnswers(chat, target));
        _changes.Add(new RowChange.DropBlocks(chat, target));
        if (_summary is not { } summary || target < summary.From || target > summary.Latest)
            return;
        _summary = null;
        _changes.Add(new RowChange.DeleteSummary(chat));
        Row = Row with { Unsummarized = Row.AiMessages + Row.HumanMessages };
    }

    private void Change(long target, Func<ChatMessage, ChatMessage> change)
    {
        if (!_messages.TryGetValue(target, out var message))
            return;
        _messages[target] = message = change(message);
        if (!_insertedSet.Contains(target))
            _updated.Add(target);
        if (target == Row.LastMessageSeq)
            Row = Row with { LastMessagePreview = Preview.Of(message.Text, message.Attachments) };
    }

    private void Summarize(SummaryUpdated e)
    {
        _summary = (e.FromSeq, e.LatestSeq);
        _count = true;
        Row = Row with { SummaryVersion = Row.SummaryVersion + 1 };
        _changes.Add(
            new RowChange.PutSummary(
                new SummaryRow
                {
                    ChatId = _id,
                    Text = e.Text,
                    FromSeq = e.FromSeq,
                    LatestMessageId = e.LatestMessage.ToString(),
                    LatestSeq = e.LatestSeq,
                    InputHash = e.InputHash,
                    Cites = RowValues.CitesToJson(e.Cites),
                    Provenance = RowValues.ProvenanceToJson(e.Provenance),
                    UpdatedAt = e.At,
                }
            )
        );
        End(e.Run, AiRunStatus.Done, e.At, null, e.Cites, e.Provenance);
    }

    private void End(
        RunId run,
        AiRunStatus status,
        DateTimeOffset at,
        string? answer = null,
        IReadOnlyList<long>? cites = null,
        AiProvenance? provenance = null,
        Rejection? failure = null
    ) =>
        _changes.Add(
            new RowChange.EndRun(chat, run, RowValues.TextOf(status), answer, cites ?? [], provenance, failure, at)
        );

    private MemberRow MemberOf(MemberAdded e) =>
        new()
        {
            ChatId = _id,
            UserId = e.User.ToString(),
            Role = RowValues.TextOf(e.Role),
            FromSeq = e.Seq,
            Recv = e.Seq,
            Read = e.Seq,
            LastMessageAt = Row.LastMessageAt,
        };

    private RunRow RunOf(AiRunRequested e) =>
        new()
        {
            Id = e.Run.ToString(),
            ChatId = _id,
            Kind = RowValues.TextOf(e.Kind),
            AskedBy = e.By.ToString(),
            Private = e.Private,
            Status = RowValues.TextOf(AiRunStatus.Queued),
            RequestedAt = e.At,
            Prompt = e.TriggerSeq is null ? e.Prompt : null,
            TriggerSeq = e.TriggerSeq,
            FromSeq = e.FromSeq,
            RegeneratedFrom = e.RegeneratedFrom?.ToString(),
        };

    private BlockRow BlockOf(SummaryBlockMade e) =>
        new()
        {
            ChatId = _id,
            Level = e.Block.Level,
            FirstSeq = e.Block.First,
            LastSeq = e.Block.Last,
            Messages = e.Block.Messages,
            InputHash = e.Block.InputHash,
            Text = e.Block.Text,
            Cites = RowValues.CitesToJson(e.Block.Cites),
            Model = e.Model,
            PromptVersion = e.PromptVersion,
            Seed = e.Seed,
            CreatedAt = e.At,
        };

    private EventRow EventOf(INumberedChatEvent e)
    {
        var edit = e as MessageEdited;
        object stored = edit is null ? e : edit with { Text = "" };
        return new EventRow
        {
            ChatId = _id,
            Seq = e.Seq,
            Manifest = JournalCodec.Current.ManifestOf(stored),
            Payload = JournalCodec.Current.ToBytes(stored),
            EditedSeq = edit?.Target,
            EditedText = edit?.Text,
        };
    }
}
