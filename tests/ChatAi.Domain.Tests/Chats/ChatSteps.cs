using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using CsCheck;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

internal enum StepKind
{
    Send,
    Burst,
    Resend,
    Edit,
    Delete,
    React,
    Acknowledge,
    Add,
    Remove,
    Role,
    Set,
    Ask,
    Regenerate,
    Cancel,
    Block,
    Complete,
    Fail,
    Refresh,
}

/// <summary>One thing to do, before it is known in which state: the numbers choose among what there is then.</summary>
internal sealed record Step(StepKind Kind, int A, int B, int C);

internal static class ChatSteps
{
    private static readonly string[] Texts =
    [
        "hello",
        "and you?",
        "@AI why?",
        "@ai catch me up",
        "@AI summarize",
        "",
        " \n",
        "grüß dich 👋🏽",
        new string('x', Limits.TextLength),
        new string('y', Limits.TextLength + 1),
        "lone \ud83d surrogate",
    ];

    private static readonly Gen<int> Number = Gen.Int[0, 9_999];

    public static readonly Gen<Step> One = Gen.Select(
            Gen.Frequency(
                (4, Gen.Const(StepKind.Send)),
                (4, Gen.Const(StepKind.Burst)),
                (3, Gen.Const(StepKind.Resend)),
                (3, Gen.Const(StepKind.Complete)),
                (16, Gen.Enum<StepKind>())
            ),
            Number,
            Number,
            Number
        )
        .Select((kind, a, b, c) => new Step(kind, a, b, c));

    /// <summary>A group three times in four, else a chat of two people or with the assistant; and what happens in it.</summary>
    public static readonly Gen<(int Kind, Step[] Steps)> Story = Gen.Select(Gen.Int[0, 7], One.Array[0, 60]);

    public static ChatWorld Begin(int kind) =>
        kind switch
        {
            0 => ChatWorld.OfTwo(),
            1 => ChatWorld.WithAssistant(),
            _ => ChatWorld.OfGroup(),
        };

    public static void Each(
        this Gen<(int Kind, Step[] Steps)> story,
        Action<ChatWorld, IChatCommand, Decision> check
    ) =>
        story.Sample(
            (kind, steps) =>
            {
                var world = Begin(kind);
                foreach (var step in steps)
                foreach (var command in step.Commands(world))
                    check(world, command, world.Execute(command));
            },
            iter: 150
        );

    /// <summary>As <see cref="Each"/>, for what takes long to check.</summary>
    public static void AfterEachStep(this Gen<(int Kind, Step[] Steps)> story, Action<ChatWorld> check) =>
        story.Sample(
            (kind, steps) =>
            {
                var world = Begin(kind);
                foreach (var step in steps)
                {
                    foreach (var command in step.Commands(world))
                        world.Execute(command);
                    check(world);
                }
            },
            iter: 150
        );

    /// <summary>What the step is in the world as it stands; a burst is many sends, each made after the one before it.</summary>
    public static IEnumerable<IChatCommand> Commands(this Step step, ChatWorld world)
    {
        if (step.Kind == StepKind.Burst)
        {
            var text = step.C % 6 == 0 ? Texts[8] : "again";
            for (var i = 0; i < step.B % 90; i++)
                yield return new SendMessage(Person(step.A + i), world.NewCid(), text, null);
            yield break;
        }
        yield return step.Command(world);
    }

    private static IChatCommand Command(this Step step, ChatWorld world)
    {
        var (_, a, b, c) = step;
        var by = Person(a);
        var seq = b % (world.State.Head + 3);
        return step.Kind switch
        {
            StepKind.Send => new SendMessage(by, world.NewCid(), Texts[b % Texts.Length], c % 3 == 0 ? seq : null),
            StepKind.Resend => Resend(world, b, c) ?? (IChatCommand)RefreshSummary.Instance,
            StepKind.Edit => new EditMessage(Author(world, seq, c) ?? by, seq, Texts[a % Texts.Length]),
            StepKind.Delete => new DeleteMessage(Author(world, seq, c) ?? by, seq),
            StepKind.React => new ReactToMessage(by, seq, c % 3 == 0 ? null : "👍"),
            StepKind.Acknowledge => new Acknowledge(by, a % 4 == 0 ? null : c % (world.State.Head + 3), seq),
            StepKind.Add => new AddMembers(by, [Person(b), Person(c)]),
            StepKind.Remove => new RemoveMember(by, Person(b)),
            StepKind.Role => new ChangeRole(by, Person(b), (MemberRole)(1 + (c % 3))),
            StepKind.Set => new SetChat(
                by,
                b % 3 == 0 ? $"title {c % 5}" : null,
                b % 4 != 1,
                Flag(c),
                Flag(c / 3),
                null,
                (AiSummon?)(c % 4 == 0 ? null : (AiSummon)(c % 2)),
                Flag(c / 9)
            ),
            StepKind.Ask => new AskAssistant(by, (AiRunKind)(1 + (b % 4)), "why?", Flag(c)),
            StepKind.Regenerate => new RegenerateRun(
                by,
                Run(world, b),
                (AiRunKind)(1 + (b % 4)),
                "why?",
                Person(b),
                c % 3 == 0,
                c % 2 == 0 ? seq : null,
                a % 5
            ),
            StepKind.Block => new SetBlock(by, b % 2 == 0),
            StepKind.Cancel => new CancelRun(by, Run(world, b)),
            StepKind.Complete => Complete(world, Run(world, b), c),
            StepKind.Fail => new FailRun(Run(world, b), ErrorCode.Internal, "it broke"),
            _ => RefreshSummary.Instance,
        };
    }

    private static UserId Person(int n) => ChatWorld.People[n % ChatWorld.People.Count];

    private static bool? Flag(int n) =>
        (n % 3) switch
        {
            0 => null,
            1 => true,
            _ => false,
        };

    // Half of the edits and deletions are by who may.
    private static UserId? Author(ChatWorld world, long seq, int choice) =>
        choice % 2 == 0 ? world.History.Find(seq)?.Sender : null;

    private static SendMessage? Resend(ChatWorld world, int which, int choice)
    {
        if (world.History.Messages.Count == 0)
            return null;
        var old = world.History.Messages[which % world.History.Messages.Count];
        return new SendMessage(
            old.Sender,
            old.Cid,
            world.History.FirstTexts[old.Seq] + (choice % 3 == 0 ? "!" : ""),
            old.ReplyTo
        );
    }

    private static RunId Run(ChatWorld world, int which) =>
        world.Runs.Count == 0 ? default : world.Runs[^(1 + (which % Math.Min(4, world.Runs.Count)))];

    private static CompleteRun Complete(ChatWorld world, RunId run, int choice)
    {
        var latest = world.History.Messages.LastOrDefault();
        var from = world.State.Runs.GetValueOrDefault(run)?.FromSeq ?? 1;
        var late = choice % 5 == 0 ? 1 : 0;
        return new CompleteRun(
            run,
            choice % 7 == 0 ? " " : "as I said: @AI summarize, @AI why?",
            [1, world.State.Head, world.State.Head + 5],
            Provenance(world),
            world.State.Mutations - late,
            latest is null ? null : new RollingRange(from, latest.Seq, latest.Id, "00")
        );
    }

    public static AiProvenance Provenance(ChatWorld world) =>
        new("none", "m", null, "p1", world.State.SummaryVersion, 1, 1, 1, 1, world.Now.AddTicks(7), null);
}
