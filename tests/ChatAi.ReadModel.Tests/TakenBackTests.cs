using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ReadModel.Tests;

/// <summary>Taking words out of the journal changes nothing but the words.</summary>
public sealed class TakenBackTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Should_replay_and_project_the_same_whatever_happened(int seed)
    {
        var world = new World();
        new RandomTalk(seed, world).Go(1_200);

        var (journal, rewritten) = Redaction.Of(world.Journal);

        Assert.InRange(rewritten, 20, int.MaxValue);
        foreach (var chat in world.Chats.Keys)
            Assert.Equal(Redaction.StateOf(chat, world.Journal), Redaction.StateOf(chat, journal));
        await using var before = ReadDatabase.Sqlite();
        await using var after = ReadDatabase.Sqlite();
        await before.ProjectAsync(world);
        await after.Writer.ApplyAsync(journal, CancellationToken.None);
        Assert.Equal(await before.DumpAsync(), await after.DumpAsync());
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Should_leave_of_each_message_only_what_it_reads_now(int seed)
    {
        var world = new World();
        new RandomTalk(seed, world).Go(1_200);

        var (journal, _) = Redaction.Of(world.Journal);

        foreach (var (chat, messages) in world.Messages)
        {
            var events = journal.Where(e => e.PersistenceId == Shared.Sharding.ShardNames.PersistenceId(chat)).ToList();
            foreach (var message in messages.Values.Where(m => m.Deleted || m.EditedAt is not null))
            {
                var texts = events
                    .Select(e =>
                        e.Event is ChatEvents.MessageSent sent && sent.Seq == message.Seq ? sent.Text
                        : e.Event is ChatEvents.MessageEdited edited && edited.Target == message.Seq ? edited.Text
                        : null
                    )
                    .OfType<string>()
                    .Where(text => !string.IsNullOrWhiteSpace(text));
                Assert.Equal(message.Deleted ? [] : [message.Text], texts);
            }
        }
    }

    [Fact]
    public void Should_keep_as_much_in_memory_after_a_replay()
    {
        var world = new World();
        var ann = world.NewUser("Ann");
        var chat = world.NewGroup(ann, world.NewUser("Bob"));
        var sent = new List<long>();
        for (var i = 0; i < 40; i++)
            sent.Add(world.Send(chat, ann, new string((char)('a' + (i % 26)), Limits.TextLength)));
        Assert.False(world.Chats[chat].HoldsAll);
        foreach (var seq in sent.Where((_, i) => i % 3 == 0))
            world.Execute(chat, new ChatCommands.DeleteMessage(ann, seq));

        var (journal, rewritten) = Redaction.Of(world.Journal);

        Assert.Equal(14, rewritten);
        Assert.Equal(Redaction.StateOf(chat, world.Journal), Redaction.StateOf(chat, journal));
    }

    [Fact]
    public async Task Should_take_the_names_of_files_but_not_what_lets_go_of_their_bytes()
    {
        var world = new World();
        var (ann, bob) = (world.NewUser("Ann"), world.NewUser("Bob"));
        var chat = world.NewGroup(ann, bob);
        var file = new Attachment(
            new AttachmentId(world.NewId()),
            new string('a', 64),
            "c",
            5,
            "text/plain",
            "plan of zq.txt"
        );
        var seq = world.Chats[chat].Head + 1;
        world.Happen(
            chat,
            new ChatEvents.MessageSent(
                seq,
                new MessageId(world.NewId()),
                ann,
                false,
                "the plan",
                new ClientMessageId(world.NewId()),
                null,
                null,
                [],
                world.Now
            )
            {
                Attachments = [file],
            }
        );
        world.Execute(chat, new ChatCommands.EditMessage(ann, seq, "this plan"));
        var (edited, _) = Redaction.Of(world.Journal);
        Assert.Equal([file], edited.Select(e => e.Event).OfType<ChatEvents.MessageSent>().Single().Attachments);

        world.Execute(chat, new ChatCommands.DeleteMessage(ann, seq));
        var (journal, _) = Redaction.Of(world.Journal);

        var left = Assert.Single(journal.Select(e => e.Event).OfType<ChatEvents.MessageSent>().Single().Attachments);
        Assert.Equal(file with { Name = new string('_', file.Name.Length) }, left);
        Assert.Equal(Redaction.StateOf(chat, world.Journal), Redaction.StateOf(chat, journal));
        await using var before = ReadDatabase.Sqlite();
        await using var after = ReadDatabase.Sqlite();
        await before.ProjectAsync(world);
        await after.Writer.ApplyAsync(journal, CancellationToken.None);
        Assert.Equal(await before.DumpAsync(), await after.DumpAsync());
    }
}
