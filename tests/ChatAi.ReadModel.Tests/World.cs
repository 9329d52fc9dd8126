using ChatAi.ChatNode.Projections;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Sharding;

namespace ChatAi.ReadModel.Tests;

/// <summary>Chats and users driven through their deciders, with the journal that this makes and the states it ends in.</summary>
public sealed class World
{
    private readonly List<JournalEntry> _journal = [];
    private readonly Dictionary<string, long> _sequence = [];
    private int _ids;

    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<JournalEntry> Journal => _journal;
    public Dictionary<ChatId, ChatState> Chats { get; } = [];

    /// <summary>Every message of a chat as it stands now, also those that a state no longer holds.</summary>
    public Dictionary<ChatId, SortedDictionary<long, ChatMessage>> Messages { get; } = [];

    public Dictionary<ChatId, List<INumberedChatEvent>> Events { get; } = [];
    public Dictionary<UserId, UserState> Users { get; } = [];

    public Guid NewId()
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes.AsSpan(12), ++_ids);
        bytes[7] = 0x70;
        bytes[8] = 0x80;
        return new Guid(bytes);
    }

    public UserId NewUser(string name)
    {
        var user = new UserId(NewId());
        Execute(user, new UserCommands.Register($"+1555{_ids:0000000}", name));
        return user;
    }

    public void Execute(UserId user, IUserCommand command)
    {
        if (!Users.TryGetValue(user, out var state))
            Users[user] = state = new UserState();
        var decision = (UserDecision.Accepted)UserDecider.Decide(state, command, Tick(), NewId);
        foreach (var e in decision.Events)
        {
            state.Apply(e);
            Append(ShardNames.PersistenceId(user), e);
        }
    }

    public ChatId NewGroup(UserId owner, params UserId[] others)
    {
        var chat = new ChatId(NewId());
        Execute(chat, new ChatCommands.CreateChat(owner, ChatType.Group, others, "Plans"));
        return chat;
    }

    public ChatId NewDirect(UserId one, UserId other)
    {
        var chat = new ChatId(NewId());
        Execute(chat, new ChatCommands.CreateChat(one, ChatType.OneToOne, [other], null));
        return chat;
    }

    public long Send(ChatId chat, UserId by, string text, ClientMessageId? cid = null) =>
        Execute(chat, new ChatCommands.SendMessage(by, cid ?? new ClientMessageId(NewId()), text, null))
            is Decision.Accepted { Answer: ChatAnswer.Sent sent }
            ? sent.Seq
            : throw new InvalidOperationException($"'{text}' was refused.");

    public Decision Execute(ChatId chat, IChatCommand command)
    {
        if (!Chats.TryGetValue(chat, out var state))
        {
            Chats[chat] = state = new ChatState();
            Messages[chat] = [];
            Events[chat] = [];
        }
        var context = new DecisionContext(Tick(), NewId);
        var decision = ChatDecider.Decide(state, command, context);
        if (decision is Decision.Lookup lookup)
            decision = ChatDecider.Decide(state, command, context with { Found = Look(chat, lookup.Request) });
        if (decision is Decision.Accepted accepted)
            foreach (var e in accepted.Events)
                Happen(chat, e);
        return decision;
    }

    /// <summary>The same event, whatever the decider thinks.</summary>
    public void Happen(ChatId chat, IChatEvent e)
    {
        Chats[chat].Apply(e);
        Append(ShardNames.PersistenceId(chat), e);
        var messages = Messages[chat];
        if (e is INumberedChatEvent numbered)
            Events[chat].Add(numbered);
        switch (e)
        {
            case ChatEvents.MessageSent sent:
                messages[sent.Seq] = ChatMessage.From(sent);
                break;
            case ChatEvents.MessageEdited edited:
                messages[edited.Target] = messages[edited.Target].Apply(edited);
                break;
            case ChatEvents.MessageDeleted deleted:
                messages[deleted.Target] = messages[deleted.Target].Apply(deleted);
                break;
            case ChatEvents.MessageReacted reacted:
                messages[reacted.Target] = messages[reacted.Target].Apply(reacted);
                break;
        }
    }

    public long VersionOf(ChatId chat) => _sequence[ShardNames.PersistenceId(chat)];

    private void Append(string id, object e)
    {
        _sequence[id] = _sequence.GetValueOrDefault(id) + 1;
        _journal.Add(new JournalEntry(_journal.Count + 1, id, _sequence[id], e));
    }

    private DateTimeOffset Tick() => Now = Now.AddMilliseconds(7);

    /// <summary>The assistant's messages that cite a message, or cite one that does.</summary>
    public IReadOnlyList<ChatMessage> Quoting(ChatId chat, long seq)
    {
        var found = new HashSet<long> { seq };
        foreach (var message in Messages[chat].Values.Where(m => m is { IsAi: true, Deleted: false }))
            if (message.Cites.Any(cite => cite < message.Seq && found.Contains(cite)))
                found.Add(message.Seq);
        return [.. found.Where(f => f != seq).Order().Select(f => Messages[chat][f])];
    }

    private LookupResult Look(ChatId chat, LookupRequest request) =>
        request switch
        {
            LookupRequest.ByCid q => new LookupResult.MessageFound(
                Messages[chat].Values.FirstOrDefault(m => m.Sender == q.Sender && m.Cid == q.Cid)
            ),
            LookupRequest.BySeq q => new LookupResult.MessageFound(Messages[chat].GetValueOrDefault(q.Seq))
            {
                Quoting = Quoting(chat, q.Seq),
            },
            LookupRequest.CountUnread q => new LookupResult.Counted(
                Messages[chat].Values.Count(m => m.Seq > q.After && m.Seq <= q.Upto && m.Sender != q.User && !m.Deleted)
            ),
            _ => throw new InvalidOperationException("An unknown lookup."),
        };
}
