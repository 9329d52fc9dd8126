using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

/// <summary>What the assistant had from a message goes with the message.</summary>
public sealed class ChatRedactionTests
{
    private const string Secret = "The vault opens with marzipan and saffron.";
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];

    public static TheoryData<bool, int> Cases =>
        new()
        {
            { false, 0 },
            { true, 0 },
            { false, 2 * ChatState.RecentMessages },
            { true, 2 * ChatState.RecentMessages },
        };

    [Theory, MemberData(nameof(Cases))]
    public void Should_take_the_quote_out_of_answers_in_the_same_write(bool edit, int later)
    {
        var world = ChatWorld.OfGroup();
        var secret = world.Send(Ada, Secret).Seq;
        var other = world.Send(Bob, "Lunch is at one.").Seq;
        var first = Answer(
            world,
            $"Extracts:\nAda: {Secret} [#{secret}]\nBob: Lunch is at one. [#{other}]",
            secret,
            other
        );
        var second = Answer(world, $"Marzipan, as I said [#{first}].\nLunch at one [#{other}].", first, other);
        for (var i = 0; i < later; i++)
            world.Send(Ada, $"line {i}");

        var done = world.Accept(edit ? new EditMessage(Ada, secret, "The vault.") : new DeleteMessage(Ada, secret));

        var mark = edit ? QuoteRedaction.Edited : QuoteRedaction.Deleted;
        Assert.Contains(done.Events, e => e is ChatEvents.MessageEdited { By.IsAssistant: true });
        Assert.Equal($"Extracts:\n{mark}\nBob: Lunch is at one. [#{other}]", world.History.Find(first)!.Text);
        Assert.Equal([other], world.History.Find(first)!.Cites);
        // The double of the tables knows direct quotes only; the ring follows quotes of quotes.
        if (later == 0)
            Assert.Equal($"{mark}\nLunch at one [#{other}].", world.History.Find(second)!.Text);
        Assert.DoesNotContain(world.State.Recent.Range(0, long.MaxValue), m => Holds(m.Text));
        if (!edit)
            Assert.DoesNotContain(world.State.Events.Range(0, long.MaxValue), e => Holds(e.ToString()!));
        Assert.Equal(world.State.Head, done.Events.OfType<INumberedChatEvent>().Last().Seq);
    }

    [Fact]
    public void Should_follow_in_the_preview_and_drop_words_that_nobody_cited()
    {
        var world = ChatWorld.OfGroup();
        var secret = world.Send(Ada, Secret).Seq;
        Answer(world, "It opens with marzipan (unverified)");
        Assert.True(Holds(world.State.LastMessagePreview!));

        world.Accept(new DeleteMessage(Ada, secret));

        Assert.Equal(QuoteRedaction.Deleted, world.State.LastMessagePreview);
    }

    [Fact]
    public void Should_leave_answers_that_do_not_rest_on_the_message()
    {
        var world = ChatWorld.OfGroup();
        var other = world.Send(Bob, "Lunch is at one.").Seq;
        var secret = world.Send(Ada, Secret).Seq;
        Answer(
            world,
            $"Extracts from 1 message, picked without a language model:\nBob: Lunch is at one. [#{other}]",
            other
        );

        var done = world.Accept(new DeleteMessage(Ada, secret));

        Assert.Single(done.Events);
    }

    private static bool Holds(string text) => text.Contains("marzipan", StringComparison.OrdinalIgnoreCase);

    private static long Answer(ChatWorld world, string text, params long[] cites)
    {
        world.Accept(new AskAssistant(Bob, AiRunKind.Reply, "what?", false));
        var now = world.Now;
        var provenance = new AiProvenance("test", "none", null, "t1", 0, 1, world.State.Head, 0, 0, now, null);
        var done = new CompleteRun(world.Runs[^1], text, cites, provenance, world.State.Mutations, null);
        return Assert.IsType<ChatAnswer.Sent>(world.Accept(done).Answer).Seq;
    }
}
