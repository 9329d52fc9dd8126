using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using CsCheck;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatBoundsTests
{
    private static readonly UserId Ada = ChatWorld.People[0];

    [Fact]
    public void Should_keep_the_rings_within_their_bounds() =>
        ChatSteps.Story.AfterEachStep(world => Check(world.State));

    [Fact]
    public void Should_hold_a_bounded_amount_of_a_hundred_thousand_messages()
    {
        var world = ChatWorld.OfGroup();
        var half = new string('x', Limits.TextLength / 2);
        for (var i = 0; i < 100_000; i++)
            world.State.Apply(
                new ChatEvents.MessageSent(
                    world.State.Head + 1,
                    new(world.NewId()),
                    Ada,
                    false,
                    i % 3 == 0 ? half : "m",
                    world.NewCid(),
                    null,
                    null,
                    [],
                    world.Now
                )
            );
        for (var i = 0; i < 3_000; i++)
        {
            var user = new UserId(world.NewId());
            world.State.Apply(
                new ChatEvents.MemberAdded(world.State.Head + 1, user, MemberRole.Member, Ada, world.Now)
            );
            world.State.Apply(new ChatEvents.MemberRemoved(world.State.Head + 1, user, Ada, world.Now));
        }

        Check(world.State);
        Assert.Equal(100_000, world.State.Messages);
        Assert.InRange(JournalCodec.Current.ToBytes(world.State.ToSnapshot()).Length, 1, 1_000_000);
    }

    private static void Check(ChatState state)
    {
        Assert.InRange(state.Recent.Count, 0, ChatState.RecentMessages);
        Assert.InRange(state.Events.Count, 0, ChatState.RecentEvents);
        Assert.InRange(state.Recent.Range(0, long.MaxValue).Sum(m => m.Text.Length), 0, ChatState.RecentChars);
        Assert.InRange(
            state.Events.Range(0, long.MaxValue).Sum(e => (e as ChatEvents.MessageSent)?.Text.Length ?? 0),
            0,
            ChatState.RecentChars
        );
        Assert.InRange(state.Former.Count, 0, 1_000);
        Assert.InRange(state.OldCids.Bytes, 0, 120_000);
    }

    /// <summary>No words of a deleted message stay in memory or in a snapshot.</summary>
    [Fact]
    public void Should_forget_the_words_of_a_deleted_message()
    {
        var world = ChatWorld.OfGroup();
        var secret = world.Send(Ada, "a secret");
        world.Accept(new EditMessage(Ada, secret.Seq, "still a secret"));
        world.Accept(new DeleteMessage(Ada, secret.Seq));

        var held = Testing.Shape.Of(world.State.ToSnapshot()) + Testing.Shape.Of(world.State.Events.Range(0, 99));

        Assert.DoesNotContain("secret", held, StringComparison.Ordinal);
    }

    private static readonly Gen<long> AnyLong = Gen.OneOf(Gen.Long[-5, 300], Gen.Long, Gen.Const(long.MaxValue));
    private static readonly Gen<UserId> AnyUser = Gen.OneOf(
        Gen.Int[0, 5].Select(n => ChatWorld.People[n]),
        Gen.Const(UserId.Assistant),
        Gen.Const(default(UserId))
    );
    private static readonly Gen<int> AnyEnum = Gen.OneOf(Gen.Int[-1, 5], Gen.Int);
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Int[16_380, 16_390].Select(n => new string('\ud83d', n)),
        Gen.Const("@AI \0"),
        Gen.Const("")
    );
    private static readonly Gen<long?> MaybeLong = Gen.Nullable(AnyLong);
    private static readonly Gen<string?> MaybeText = Gen.OneOf(
        AnyText.Select(t => (string?)t),
        Gen.Const((string?)null)
    );
    private static readonly Gen<RunId> AnyRun = Gen.Int[0, 40]
        .Select(n => new RunId(new Guid($"00000000-0000-7000-8000-0002{n:x8}")));

    private static readonly Gen<IChatCommand> AnyCommand = Gen.OneOf(
        Gen.Select(AnyUser, AnyEnum, AnyUser.Array[0, 4], MaybeText)
            .Select((by, type, users, title) => (IChatCommand)new CreateChat(by, (ChatType)type, users, title)),
        Gen.Select(AnyUser, Gen.Int[0, 9], AnyText, MaybeLong)
            .Select((by, cid, text, to) => (IChatCommand)new SendMessage(by, new(AnyCid(cid)), text, to)),
        Gen.Select(AnyUser, AnyLong, AnyText).Select((by, seq, t) => (IChatCommand)new EditMessage(by, seq, t)),
        Gen.Select(AnyUser, AnyLong).Select((by, seq) => (IChatCommand)new DeleteMessage(by, seq)),
        Gen.Select(AnyUser, AnyLong, MaybeText).Select((by, seq, e) => (IChatCommand)new ReactToMessage(by, seq, e)),
        Gen.Select(AnyUser, AnyUser.Array[0, 4]).Select((by, users) => (IChatCommand)new AddMembers(by, users)),
        Gen.Select(AnyUser, AnyUser).Select((by, user) => (IChatCommand)new RemoveMember(by, user)),
        Gen.Select(AnyUser, AnyUser, AnyEnum)
            .Select((by, user, role) => (IChatCommand)new ChangeRole(by, user, (MemberRole)role)),
        Gen.Select(AnyUser, MaybeText, Gen.Nullable(Gen.Bool), Gen.Nullable(Gen.Bool))
            .Select((by, title, ai, own) => (IChatCommand)new SetChat(by, title, ai, own, own, own, null, own)),
        Gen.Select(AnyUser, MaybeLong, MaybeLong).Select((by, a, b) => (IChatCommand)new Acknowledge(by, a, b)),
        Gen.Select(AnyUser, AnyEnum, AnyText, Gen.Nullable(Gen.Bool))
            .Select((by, kind, t, own) => (IChatCommand)new AskAssistant(by, (AiRunKind)kind, t, own)),
        Gen.Select(AnyUser, AnyRun, AnyEnum, AnyText, MaybeLong, AnyLong)
            .Select(
                (by, run, kind, t, trigger, from) =>
                    (IChatCommand)new RegenerateRun(by, run, (AiRunKind)kind, t, by, false, trigger, from)
            ),
        Gen.Select(AnyUser, AnyRun).Select((by, run) => (IChatCommand)new CancelRun(by, run)),
        Gen.Select(AnyRun, AnyText, AnyLong.Array[0, 4], AnyLong, AnyLong)
            .Select((run, t, cites, a, b) => (IChatCommand)Complete(run, t, cites, a, b)),
        Gen.Select(AnyRun, AnyText, AnyText).Select((run, code, t) => (IChatCommand)new FailRun(run, code, t)),
        Gen.Const((IChatCommand)RefreshSummary.Instance)
    );

    private static Guid AnyCid(int n) => new($"00000000-0000-4000-8000-{n:x12}");

    private static CompleteRun Complete(RunId run, string text, long[] cites, long a, long b) =>
        new(
            run,
            text,
            cites,
            new AiProvenance("p", "m", null, "1", 0, 0, 0, 0, 0, default, null),
            0,
            a % 2 == 0 ? null : new RollingRange(a, b, default, "")
        );

    /// <summary>Whatever comes, in whatever state: an answer, never an exception, and only events that can be stored.</summary>
    [Fact]
    public void Should_decide_any_command_in_any_state() =>
        Gen.Select(ChatSteps.Story, AnyCommand.Array[1, 40])
            .Sample(
                (story, commands) =>
                {
                    var world = story.Kind == 7 ? new ChatWorld() : ChatSteps.Begin(story.Kind);
                    foreach (var command in story.Steps.SelectMany(step => step.Commands(world)))
                        world.Execute(command);
                    foreach (var command in commands)
                    {
                        var at = world.Log.Count;
                        world.Execute(command);
                        foreach (var e in world.Log.Skip(at))
                            JournalCodec.Current.FromBytes(
                                JournalCodec.Current.ToBytes(e),
                                JournalCodec.Current.ManifestOf(e)
                            );
                    }
                },
                iter: 300
            );
}
