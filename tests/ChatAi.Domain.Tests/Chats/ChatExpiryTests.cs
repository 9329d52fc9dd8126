using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using CsCheck;

namespace ChatAi.Domain.Tests.Chats;

/// <summary>Messages that go by themselves, whoever wrote them and however often the sweeper asks.</summary>
public sealed class ChatExpiryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UserId Ada = new(new Guid("00000000-0000-7000-8000-00000000000a"));
    private static readonly UserId Bob = new(new Guid("00000000-0000-7000-8000-00000000000b"));

    /// <summary>Exactly those from before the time go, each once, and unread counts follow.</summary>
    [Fact]
    public void Should_delete_exactly_what_is_older_and_each_once()
    {
        Gen.Select(Gen.Int[1, 60].List[1, 30], Gen.Int[0, 1_000], Gen.Int[1, 40].List[0, 60])
            .Sample((gaps, limit, asked) => Check(gaps, Start.AddMinutes(limit), asked));
    }

    private static void Check(List<int> gaps, DateTimeOffset before, List<int> asked)
    {
        var (state, now, ids) = (new ChatState(), Start, 0);
        Execute(new ChatCommands.CreateChat(Ada, ChatType.OneToOne, [Bob], null));
        foreach (var (i, gap) in gaps.Index())
        {
            now = now.AddMinutes(gap);
            var cid = new ClientMessageId(NewId());
            Execute(new ChatCommands.SendMessage(i % 2 == 0 ? Ada : Bob, cid, $"line {i}", null));
        }
        var deleted = new List<ChatEvents.MessageDeleted>();
        foreach (var seq in asked)
            if (Execute(new ChatCommands.ExpireMessage(seq, before)) is Decision.Accepted accepted)
                deleted.AddRange(accepted.Events.OfType<ChatEvents.MessageDeleted>());

        var messages = state.Recent.Range(0, long.MaxValue);
        var due = messages.Where(m => asked.Contains((int)m.Seq) && m.At < before).Select(m => m.Seq);
        Assert.Equal(due.Order(), deleted.Select(d => d.Target).Order());
        Assert.All(deleted, d => Assert.True(d.Expired && d.By == d.Sender));
        Assert.All(messages, m => Assert.Equal(deleted.Any(d => d.Target == m.Seq), m.Deleted));
        Assert.Equal(messages.Count(m => !m.Deleted && m.Sender == Bob), state.MemberOrNull(Ada)!.Unread);

        Guid NewId() => new($"00000000-0000-7000-9000-{++ids:x12}");

        Decision Execute(IChatCommand command)
        {
            var decision = ChatDecider.Decide(state, command, new DecisionContext(now, NewId));
            if (decision is Decision.Accepted accepted)
                foreach (var e in accepted.Events)
                    state.Apply(e);
            return decision;
        }
    }

    [Fact]
    public void Should_ask_for_what_memory_does_not_hold()
    {
        var (state, ids) = (new ChatState(), 0);
        var context = new DecisionContext(Start, () => new Guid($"00000000-0000-7000-9000-{++ids:x12}"));
        Run(new ChatCommands.CreateChat(Ada, ChatType.OneToOne, [Bob], null));
        for (var i = 0; i < ChatState.RecentMessages + 5; i++)
            Run(new ChatCommands.SendMessage(Ada, new ClientMessageId(context.NewId()), "line", null));
        var lookup = ChatDecider.Decide(state, new ChatCommands.ExpireMessage(2, Start.AddDays(1)), context);
        Assert.Equal(2, Assert.IsType<LookupRequest.BySeq>(Assert.IsType<Decision.Lookup>(lookup).Request).Seq);

        void Run(IChatCommand command)
        {
            foreach (var e in ((Decision.Accepted)ChatDecider.Decide(state, command, context)).Events)
                state.Apply(e);
        }
    }
}
