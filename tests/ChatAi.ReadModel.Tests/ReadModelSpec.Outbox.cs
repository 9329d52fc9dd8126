using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.Push;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAi.ReadModel.Tests;

/// <summary>The outbox of push.</summary>
public abstract partial class ReadModelSpec
{
    private static readonly TimeSpan Leased = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Should_put_each_message_into_the_outbox_of_subscribed_members_but_its_sender()
    {
        SkipUnlessAvailable();
        var (outbox, _, chat, ann, bob) = await SubscribedPairAsync();
        var seq = World.Send(chat, ann, "hi");
        await ProjectAsync();
        var row = Assert.Single(await outbox.ClaimAsync("a", Leased, 10, None));
        Assert.Equal((chat.ToString(), bob.ToString(), seq, 0), (row.Chat, row.User, row.Seq, row.Attempts));
    }

    [SkippableFact]
    public async Task Should_let_the_newest_message_replace_those_that_wait()
    {
        SkipUnlessAvailable();
        var (outbox, _, chat, ann, bob) = await SubscribedPairAsync();
        World.Send(chat, ann, "one");
        await ProjectAsync();
        var toBob = World.Send(chat, ann, "two");
        var toAnn = World.Send(chat, bob, "three");
        await ProjectAsync();
        var rows = await outbox.ClaimAsync("a", Leased, 10, None);
        Assert.Equal([(ann, toAnn), (bob, toBob)], rows.Select(r => (UserOf(r), r.Seq)).OrderBy(r => r.Item2 == toBob));
    }

    [SkippableFact]
    public async Task Should_lend_a_row_to_one_at_a_time_and_to_another_when_the_lease_is_over()
    {
        SkipUnlessAvailable();
        var (outbox, clock, chat, ann, _) = await SubscribedPairAsync();
        World.Send(chat, ann, "hi");
        await ProjectAsync();
        var row = Assert.Single(await outbox.ClaimAsync("a", Leased, 10, None));
        Assert.Empty(await outbox.ClaimAsync("b", Leased, 10, None));
        clock.Now += Leased;
        Assert.Equal(row, Assert.Single(await outbox.ClaimAsync("b", Leased, 10, None)));
        // The first one, late, has no say in it any more.
        await outbox.DoneAsync(row, "a", None);
        clock.Now += Leased;
        Assert.Single(await outbox.ClaimAsync("c", Leased, 10, None));
        await outbox.DoneAsync(row, "c", None);
        clock.Now += Leased;
        Assert.Empty(await outbox.ClaimAsync("d", Leased, 10, None));
    }

    [SkippableFact]
    public async Task Should_keep_a_message_that_came_while_an_older_one_was_being_sent()
    {
        SkipUnlessAvailable();
        var (outbox, _, chat, ann, _) = await SubscribedPairAsync();
        World.Send(chat, ann, "one");
        await ProjectAsync();
        var row = Assert.Single(await outbox.ClaimAsync("a", Leased, 10, None));
        var newer = World.Send(chat, ann, "two");
        await ProjectAsync();
        Assert.Empty(await outbox.ClaimAsync("b", Leased, 10, None));
        await outbox.DoneAsync(row, "a", None);
        Assert.Equal(newer, Assert.Single(await outbox.ClaimAsync("b", Leased, 10, None)).Seq);
    }

    [SkippableFact]
    public async Task Should_put_nothing_in_for_who_muted_the_chat_or_signed_the_device_out()
    {
        SkipUnlessAvailable();
        var (outbox, _, chat, ann, bob) = await SubscribedPairAsync();
        World.Execute(chat, new ChatCommands.SetChat(bob, null, null, true, null, null));
        World.Send(chat, ann, "psst");
        await ProjectAsync();
        Assert.Empty(await outbox.ClaimAsync("a", Leased, 10, None));
        World.Execute(chat, new ChatCommands.SetChat(bob, null, null, false, null, null));
        World.Execute(bob, new UserCommands.RevokeDevice(DeviceOf(bob), "lost"));
        World.Send(chat, ann, "hello?");
        await ProjectAsync();
        Assert.Empty(await outbox.ClaimAsync("a", Leased, 10, None));
    }

    [SkippableFact]
    public async Task Should_send_nothing_that_was_read_meanwhile()
    {
        SkipUnlessAvailable();
        var (outbox, clock, chat, ann, bob) = await SubscribedPairAsync();
        var sender = new ScriptedSender();
        var seq = World.Send(chat, ann, "hi");
        await ProjectAsync();
        World.Execute(chat, new ChatCommands.Acknowledge(bob, seq, seq));
        await ProjectAsync();
        Assert.Equal(1, await Dispatcher(outbox, sender, clock).RunOnceAsync(None));
        Assert.Empty(sender.Sent);
        clock.Now += TimeSpan.FromDays(1);
        Assert.Equal(0, await Dispatcher(outbox, sender, clock).RunOnceAsync(None));
    }

    [SkippableFact]
    public async Task Should_try_again_later_and_give_up_where_operators_see_it()
    {
        SkipUnlessAvailable();
        var (outbox, clock, chat, ann, bob) = await SubscribedPairAsync();
        var failed = new PushResult(PushOutcome.Failed, "status 500");
        var sender = new ScriptedSender(failed, failed, failed);
        var seq = World.Send(chat, ann, "hi");
        await ProjectAsync();
        var dispatcher = Dispatcher(outbox, sender, clock);
        await dispatcher.RunOnceAsync(None);
        Assert.Equal(0, await dispatcher.RunOnceAsync(None));
        for (var i = 0; i < 5; i++)
        {
            clock.Now += TimeSpan.FromMinutes(1);
            await dispatcher.RunOnceAsync(None);
        }
        Assert.Equal(3, sender.Sent.Count);
        Assert.Single(sender.Sent.Distinct());
        var dead = Assert.Single(await outbox.DeadAsync(10, None));
        Assert.Equal((bob.ToString(), seq, 3, "status 500"), (dead.User, dead.Seq, dead.Attempts, dead.Error));
    }

    [SkippableFact]
    public async Task Should_forget_a_subscription_whose_receiver_is_gone()
    {
        SkipUnlessAvailable();
        var (outbox, clock, chat, ann, bob) = await SubscribedPairAsync();
        var sender = new ScriptedSender(new PushResult(PushOutcome.Gone, "status 410"));
        World.Send(chat, ann, "hi");
        await ProjectAsync();
        await Dispatcher(outbox, sender, clock).RunOnceAsync(None);
        Assert.Null(
            await new PushSubscriptions(Database.Store).FindAsync(bob.ToString(), DeviceOf(bob).ToString(), None)
        );
        World.Send(chat, ann, "again");
        await ProjectAsync();
        Assert.Empty(await outbox.ClaimAsync("a", Leased, 10, None));
    }

    private async Task<(Outbox, Clock, ChatId, UserId Ann, UserId Bob)> SubscribedPairAsync()
    {
        await Database.TellOfMessagesAsync(new PushRules(TimeSpan.Zero, Site: false));
        var (chat, ann, bob) = TalkOf(0);
        await ProjectAsync();
        var subscriptions = new PushSubscriptions(Database.Store);
        foreach (var user in new[] { ann, bob })
        {
            World.Execute(user, new UserCommands.AddDevice(DeviceOf(user), "phone", "hash"));
            await subscriptions.PutAsync(
                user,
                DeviceOf(user),
                new PushSubscription("test", "https://push.example.net", "", "", true, World.Now),
                None
            );
        }
        var clock = new Clock { Now = World.Now.AddMinutes(1) };
        return (new Outbox(Database.Store, clock), clock, chat, ann, bob);
    }

    private PushDispatcher Dispatcher(Outbox outbox, ScriptedSender sender, Clock clock) =>
        new(
            outbox,
            new PushSubscriptions(Database.Store),
            new NobodyIsThere(),
            new Dictionary<string, IPushSender> { [sender.Kind] = sender },
            null,
            new PushSettings(
                new BackOff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30)),
                3,
                TimeSpan.FromSeconds(5),
                TimeSpan.FromDays(1),
                8,
                true,
                null
            ),
            clock,
            NullLogger<PushDispatcher>.Instance
        );

    private static UserId UserOf(OutboxRow row) => new(Guid.Parse(row.User));

    // As good as any: one device a user.
    private static DeviceId DeviceOf(UserId user) => new(user.Value);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class NobodyIsThere : IPushReach
    {
        public Task<Reach?> AskAsync(UserId user, UserId? sender, CancellationToken cancel) =>
            Task.FromResult<Reach?>(new Reach(false, false));

        public Task<string?> NameAsync(UserId user, CancellationToken cancel) => Task.FromResult<string?>("Ann");
    }

    private sealed class ScriptedSender(params PushResult[] results) : IPushSender
    {
        public string Kind => "test";
        public List<string> Sent { get; } = [];

        public Task<PushResult> SendAsync(PushNote note, PushSubscription to, CancellationToken cancel)
        {
            Sent.Add(note.Id);
            return Task.FromResult(Sent.Count <= results.Length ? results[Sent.Count - 1] : PushResult.Sent);
        }
    }
}
