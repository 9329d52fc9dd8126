using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

/// <summary>A chat that takes commands, its journal, and beside it the full history.</summary>
internal sealed class ChatWorld
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _ids;
    private int _ticks;
    private TimeSpan _passed;

    /// <summary>Of the first three a group is made; the others come and go.</summary>
    public static readonly IReadOnlyList<UserId> People = [.. Enumerable.Range(1, 6).Select(n => new UserId(Id(1, n)))];

    public ChatState State { get; private set; } = new();
    public ChatHistory History { get; } = new();

    /// <summary>The read tables: as far behind as a lookup allows.</summary>
    private readonly ChatHistory _tables = new();
    private int _projected;
    public List<IChatEvent> Log { get; } = [];
    public List<RunId> Runs { get; } = [];
    public int Lookups { get; private set; }
    public DateTimeOffset Now => Start.AddTicks(12_345L * _ticks) + _passed;

    /// <summary>What the operator allows.</summary>
    public AiRules Ai { get; set; } = AiRules.Default;

    public void Pass(TimeSpan time) => _passed += time;

    public static ChatWorld OfGroup() => Of(ChatType.Group, People[1], People[2]);

    public static ChatWorld OfTwo() => Of(ChatType.OneToOne, People[1]);

    public static ChatWorld WithAssistant() => Of(ChatType.OneToOne, UserId.Assistant);

    private static ChatWorld Of(ChatType type, params UserId[] others)
    {
        var world = new ChatWorld();
        world.Accept(new CreateChat(People[0], type, others, null));
        return world;
    }

    public Guid NewId() => Id(2, ++_ids);

    public ClientMessageId NewCid() => new(Id(3, ++_ids));

    private static Guid Id(int kind, int n) => new($"00000000-0000-7000-8000-{kind:x4}{n:x8}");

    /// <summary>Decides, looking up in the history where asked to, and applies the events.</summary>
    public Decision Execute(IChatCommand command)
    {
        _ticks++;
        var context = new DecisionContext(Now, NewId) { Ai = Ai };
        var decision = ChatDecider.Decide(State, command, context);
        if (decision is Decision.Lookup lookup)
        {
            Lookups++;
            Project(lookup.Request.MinHead);
            decision = ChatDecider.Decide(State, command, context with { Found = _tables.Answer(lookup.Request) });
            Assert.IsNotType<Decision.Lookup>(decision);
        }
        if (decision is Decision.Accepted accepted)
            foreach (var e in accepted.Events)
                Apply(e);
        return decision;
    }

    private void Project(long minHead)
    {
        Assert.InRange(minHead, 0, State.Head);
        while (_projected < Log.Count && (Log[_projected] is not INumberedChatEvent { Seq: var seq } || seq <= minHead))
            _tables.Add(Log[_projected++]);
    }

    public void Apply(IChatEvent e)
    {
        Log.Add(e);
        State.Apply(e);
        History.Add(e);
        if (e is ChatEvents.AiRunRequested requested)
            Runs.Add(requested.Run);
    }

    public Decision.Accepted Accept(IChatCommand command) => Assert.IsType<Decision.Accepted>(Execute(command));

    public string Refuse(IChatCommand command) => Assert.IsType<Decision.Refused>(Execute(command)).Rejection.Code;

    public ChatAnswer.Sent Send(UserId by, string text = "hello", ClientMessageId? cid = null) =>
        Assert.IsType<ChatAnswer.Sent>(Accept(new SendMessage(by, cid ?? NewCid(), text, null)).Answer);

    /// <summary>The same chat after a restart, from the state's snapshot.</summary>
    public void Restart() => State = ChatState.Restore(State.ToSnapshot());
}
