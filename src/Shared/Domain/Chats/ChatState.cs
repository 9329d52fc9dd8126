using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>A member as the chat knows it. Marks only rise.</summary>
/// <param name="From">First number that the member may see: their own <c>member.added</c>, or 1 for the first members.</param>
public sealed record Member(
    UserId User,
    MemberRole Role,
    long From,
    long Recv,
    long Read,
    int Unread,
    bool Muted,
    bool Archived,
    bool Pinned
)
{
    /// <summary>Undeleted messages of others above <see cref="Read"/>: kept, never scanned.</summary>
    public int Unread { get; internal set; } = Unread;

    /// <summary>In a 1:1 chat: does not want to hear of the other.</summary>
    public bool Blocks { get; init; }
}

/// <summary>Who was a member: what they may still be sent when they come back.</summary>
public sealed record FormerMember(UserId User, long From, long RemovedAt);

/// <summary>A request to the assistant that has not ended.</summary>
public sealed record PendingRun(
    RunId Run,
    AiRunKind Kind,
    string Prompt,
    UserId By,
    bool Private,
    long? TriggerSeq,
    long FromSeq,
    DateTimeOffset At,
    RunId? RegeneratedFrom = null
)
{
    public static PendingRun Of(ChatEvents.AiRunRequested e) =>
        new(e.Run, e.Kind, e.Prompt, e.By, e.Private, e.TriggerSeq, e.FromSeq, e.At, e.RegeneratedFrom);
}

public sealed record RollingSummary(
    string Text,
    long FromSeq,
    long LatestSeq,
    MessageId LatestMessage,
    string InputHash,
    IReadOnlyList<long> Cites,
    AiProvenance Provenance,
    DateTimeOffset At
);

/// <summary>
/// A chat's state, folded from its events. Bounded whatever the length of the chat: the newest messages and events, a
/// filter of client ids, members, marks. <see cref="Apply"/> is deterministic and reads nothing but the event.
/// </summary>
public sealed class ChatState
{
    public const int RecentMessages = 128;
    public const int RecentEvents = 256;
    public const int RecentChars = 262_144;
    private const int MaxFormerMembers = 1_000;

    private readonly Dictionary<UserId, Member> _members = [];
    private readonly Dictionary<UserId, FormerMember> _former = [];
    private readonly Dictionary<RunId, PendingRun> _runs = [];

    public ChatType Type { get; private set; }
    public string? Title { get; private set; }
    public bool Exists { get; private set; }
    public bool AiEnabled { get; private set; } = true;
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Number of the newest durable event.</summary>
    public long Head { get; private set; }

    /// <summary>How many messages were ever sent.</summary>
    public long Messages { get; private set; }

    public DateTimeOffset LastMessageAt { get; private set; }
    public string? LastMessagePreview { get; private set; }

    /// <summary>Number of the message that the preview shows.</summary>
    public long LastMessageSeq { get; private set; }

    /// <summary>How many edits and deletions there were: tells whether a text made earlier may rest on changed words.</summary>
    public long Mutations { get; private set; }

    /// <summary>Number of the newest edit, deletion or reaction; after a restart the head, since a snapshot has it not.</summary>
    public long LastChangeSeq { get; private set; }

    public RollingSummary? Summary { get; private set; }
    public long SummaryVersion { get; private set; }

    /// <summary>Messages that the rolling summary does not cover.</summary>
    public long Unsummarized { get; private set; }

    public AiControl Control { get; private set; } = AiControl.None;

    public IReadOnlyDictionary<UserId, Member> Members => _members;
    public IReadOnlyDictionary<UserId, FormerMember> Former => _former;
    public IReadOnlyDictionary<RunId, PendingRun> Runs => _runs;
    public RecentRing<ChatMessage> Recent { get; } = new(RecentMessages, RecentChars, m => m.Seq, m => m.Chars);
    public RecentRing<INumberedChatEvent> Events { get; } = new(RecentEvents, RecentChars, e => e.Seq, CharsOf);
    public CidFilter OldCids { get; private set; } = new();

    /// <summary>Whether the ring holds every message of the chat.</summary>
    public bool HoldsAll => Recent.Count == Messages;

    public bool IsDirectWithAssistant => Type == ChatType.OneToOne && _members.ContainsKey(UserId.Assistant);

    /// <summary>The first number that every person in the chat may see.</summary>
    public long SeenByAllFrom =>
        _members.Values.Where(m => !m.User.IsAssistant).Select(m => m.From).DefaultIfEmpty(1).Max();

    public Member? MemberOrNull(UserId user) => _members.GetValueOrDefault(user);

    /// <summary>In a 1:1 chat: the other one does not want to hear of this user.</summary>
    public bool IsBlocked(UserId user) => PeerOf(user) is { } peer && _members[peer].Blocks;

    public UserId? PeerOf(UserId user) =>
        Type == ChatType.OneToOne
            ? _members.Keys.Where(other => other != user).Select(other => (UserId?)other).FirstOrDefault()
            : null;

    public void Apply(IChatEvent e)
    {
        if (e is INumberedChatEvent numbered)
        {
            Head = numbered.Seq;
            Events.Add(numbered);
            if (e is ChatEvents.MessageEdited or ChatEvents.MessageDeleted or ChatEvents.MessageReacted)
                LastChangeSeq = Head;
        }
        switch (e)
        {
            case ChatEvents.ChatCreated created:
                Exists = true;
                Type = created.Type;
                Title = created.Title;
                CreatedAt = LastMessageAt = created.At;
                foreach (var member in created.Members)
                    _members[member.User] = new Member(member.User, member.Role, 1, 0, 0, 0, false, false, false);
                break;
            case ChatEvents.MessageSent sent:
                Apply(sent);
                break;
            case ChatEvents.MessageEdited edited:
                Mutate(edited.Target, message => message.Apply(edited));
                Redact(edited.Target, edited.Text, false);
                // A question not yet answered is asked as it reads now.
                foreach (var run in _runs.Values.Where(run => run.TriggerSeq == edited.Target).ToList())
                    _runs[run.Run] = run with { Prompt = AiTrigger.PromptOf(edited.Text) };
                break;
            case ChatEvents.MessageDeleted deleted:
                foreach (var member in _members.Values)
                    if (member.User != deleted.Sender && member.Read < deleted.Target && member.From <= deleted.Target)
                        member.Unread = Math.Max(0, member.Unread - 1);
                Mutate(deleted.Target, message => message.Apply(deleted));
                Redact(deleted.Target, "", true);
                break;
            case ChatEvents.MessageReacted reacted:
                Change(reacted.Target, message => message.Apply(reacted));
                break;
            case ChatEvents.MemberAdded added:
                _former.Remove(added.User);
                _members[added.User] = new Member(
                    added.User,
                    added.Role,
                    added.Seq,
                    added.Seq,
                    added.Seq,
                    0,
                    false,
                    false,
                    false
                );
                break;
            case ChatEvents.MemberRemoved removed:
                if (_members.Remove(removed.User, out var gone))
                    Remember(new FormerMember(gone.User, gone.From, removed.Seq));
                break;
            case ChatEvents.MemberRoleChanged changed:
                Update(changed.User, member => member with { Role = changed.Role });
                break;
            case ChatEvents.ChatUpdated updated:
                Title = updated.Title;
                break;
            case ChatEvents.AiPolicyChanged policy:
                AiEnabled = policy.Enabled;
                break;
            case ChatEvents.ReceiptsAdvanced receipts:
                foreach (var mark in receipts.Marks)
                    Update(mark.User, m => m with { Recv = mark.Recv, Read = mark.Read, Unread = mark.Unread });
                break;
            case ChatEvents.MemberSettingsChanged s:
                Update(s.User, m => m with { Muted = s.Muted, Archived = s.Archived, Pinned = s.Pinned });
                break;
            case ChatEvents.BlockChanged block:
                Update(block.By, m => m with { Blocks = block.Blocks });
                break;
            case ChatEvents.AiRunRequested run:
                _runs[run.Run] = PendingRun.Of(run);
                break;
            case ChatEvents.AiRunCompleted run:
                _runs.Remove(run.Run);
                break;
            case ChatEvents.AiRunFailed run:
                if (_runs.Remove(run.Run, out var failed) && IsRefusal(run.Code) && failed.Kind != AiRunKind.Rolling)
                    Control = Control.GiveBack(failed.At);
                break;
            case ChatEvents.AiRunCancelled run:
                _runs.Remove(run.Run);
                break;
            case ChatEvents.SummaryBlockMade:
                break;
            case ChatEvents.SummaryUpdated summary:
                Summary = new RollingSummary(
                    summary.Text,
                    summary.FromSeq,
                    summary.LatestSeq,
                    summary.LatestMessage,
                    summary.InputHash,
                    summary.Cites,
                    summary.Provenance,
                    summary.At
                );
                SummaryVersion++;
                Unsummarized = MessagesAfter(summary.LatestSeq);
                _runs.Remove(summary.Run);
                break;
            default:
                throw new InvalidOperationException($"A chat does not know the event {e.GetType().Name}.");
        }
        Control = Control.After(e, Messages);
    }

    /// <summary>Nothing was done for a run that ended so: it does not count against the chat.</summary>
    public static bool IsRefusal(string code) =>
        code is ErrorCode.QuotaExceeded or ErrorCode.AiDisabled or ErrorCode.AiBusy;

    private void Apply(ChatEvents.MessageSent sent)
    {
        foreach (var old in Recent.Add(ChatMessage.From(sent)))
            OldCids.Add(old.Sender, old.Cid);
        Messages++;
        Unsummarized++;
        // Clocks of nodes differ: a chat does not go back in the list.
        if (sent.At > LastMessageAt)
            LastMessageAt = sent.At;
        LastMessagePreview = Preview.Of(sent.Text, sent.Attachments);
        LastMessageSeq = sent.Seq;
        foreach (var member in _members.Values)
            if (member.User != sent.Sender && !member.User.IsAssistant)
                member.Unread++;
    }

    // Exact where the ring reaches back to the number; else what lies between counts as messages, all of it.
    private long MessagesAfter(long seq)
    {
        var held = Recent.Range(seq + 1, long.MaxValue).Count;
        return HoldsAll || seq >= Recent.FirstSeq
            ? held
            : Math.Min(Math.Max(Unsummarized, held), held + Recent.FirstSeq - 1 - seq);
    }

    private void Mutate(long target, Func<ChatMessage, ChatMessage> change)
    {
        Control = Control.Mutated(++Mutations, target);
        Change(target, change);
        // What was made from the old words must not be readable any longer, not even until it is made anew.
        if (Summary is { } summary && target >= summary.FromSeq && target <= summary.LatestSeq)
        {
            Summary = null;
            Unsummarized = Messages;
            // A summary under way was to continue the one that is gone: it has to start over.
            foreach (var run in _runs.Values.Where(run => run.Kind == AiRunKind.Rolling).ToList())
                _runs[run.Run] = run with { FromSeq = 1 };
        }
    }

    // Who asks for events later gets the words as they stand now, never those that were taken back.
    private void Redact(long target, string text, bool deleted)
    {
        // From the newest on: a longer text may push the oldest out while this runs.
        for (var i = Events.Count - 1; i >= 0; i--)
        {
            var left = Events.Count;
            if (Events[i] is ChatEvents.MessageSent sent && sent.Seq == target)
                Events.Replace(i, sent with { Text = text, Cites = [], Attachments = deleted ? [] : sent.Attachments });
            else if (Events[i] is ChatEvents.MessageEdited edited && edited.Target == target)
                Events.Replace(i, edited with { Text = text });
            i -= left - Events.Count;
        }
    }

    private void Change(long target, Func<ChatMessage, ChatMessage> change)
    {
        var index = Recent.IndexOf(target);
        if (index < 0)
            return;
        var changed = change(Recent[index]);
        foreach (var old in Recent.Replace(index, changed))
            OldCids.Add(old.Sender, old.Cid);
        if (target == LastMessageSeq)
            LastMessagePreview = Preview.Of(changed.Text, changed.Attachments);
    }

    private void Update(UserId user, Func<Member, Member> change)
    {
        if (_members.TryGetValue(user, out var member))
            _members[user] = change(member);
    }

    private void Remember(FormerMember former)
    {
        if (_former.Count >= MaxFormerMembers)
            _former.Remove(_former.Values.MinBy(f => f.RemovedAt)!.User);
        _former[former.User] = former;
    }

    private static int CharsOf(INumberedChatEvent e) =>
        e switch
        {
            ChatEvents.MessageSent sent => sent.Text.Length + sent.Attachments.Sum(a => a.Chars),
            ChatEvents.MessageEdited edited => edited.Text.Length,
            _ => 64,
        };

    /// <summary>All that a snapshot must hold; <see cref="Restore"/> makes the same state of it.</summary>
    public ChatSnapshot ToSnapshot() =>
        new(
            Type,
            Title,
            AiEnabled,
            CreatedAt,
            Head,
            Messages,
            LastMessageAt,
            LastMessagePreview,
            LastMessageSeq,
            Mutations,
            Summary,
            SummaryVersion,
            Unsummarized,
            [.. _members.Values.Select(member => member with { })],
            [.. _former.Values],
            [.. _runs.Values],
            Recent.Range(0, long.MaxValue),
            OldCids.ToBytes()
        )
        {
            Control = Control,
        };

    public static ChatState Restore(ChatSnapshot s)
    {
        var state = new ChatState
        {
            Exists = true,
            Type = s.Type,
            Title = s.Title,
            AiEnabled = s.AiEnabled,
            CreatedAt = s.CreatedAt,
            Head = s.Head,
            Messages = s.Messages,
            LastMessageAt = s.LastMessageAt,
            LastMessagePreview = s.LastMessagePreview,
            LastMessageSeq = s.LastMessageSeq,
            Mutations = s.Mutations,
            LastChangeSeq = s.Head,
            Summary = s.Summary,
            SummaryVersion = s.SummaryVersion,
            Unsummarized = s.Unsummarized,
            OldCids = CidFilter.FromBytes(s.OldCids),
            Control = s.Control,
        };
        // Copies: the state counts unread messages in place.
        foreach (var member in s.Members)
            state._members[member.User] = member with { };
        foreach (var former in s.Former)
            state._former[former.User] = former;
        foreach (var run in s.Runs)
            state._runs[run.Run] = run;
        foreach (var old in s.Recent.SelectMany(state.Recent.Add))
            state.OldCids.Add(old.Sender, old.Cid);
        return state;
    }
}

/// <summary>A chat's state as it is kept in a snapshot. The recent events are not part of it: the read table has them.</summary>
public sealed record ChatSnapshot(
    ChatType Type,
    string? Title,
    bool AiEnabled,
    DateTimeOffset CreatedAt,
    long Head,
    long Messages,
    DateTimeOffset LastMessageAt,
    string? LastMessagePreview,
    long LastMessageSeq,
    long Mutations,
    RollingSummary? Summary,
    long SummaryVersion,
    long Unsummarized,
    IReadOnlyList<Member> Members,
    IReadOnlyList<FormerMember> Former,
    IReadOnlyList<PendingRun> Runs,
    IReadOnlyList<ChatMessage> Recent,
    byte[] OldCids
)
{
    public AiControl Control { get; init; } = AiControl.None;
}
