using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ReadModel.Tests;

/// <summary>Whatever people and the assistant may do, in a random order that a seed repeats.</summary>
public sealed class RandomTalk
{
    private static readonly AiProvenance Provenance = new(
        "extractive",
        "none",
        null,
        "p1",
        0,
        1,
        2,
        3,
        4,
        DateTimeOffset.UnixEpoch,
        null
    );

    private readonly Random _random;
    private readonly World _world;
    private readonly List<UserId> _users = [];
    private readonly List<ChatId> _chats = [];

    public RandomTalk(int seed, World world)
    {
        _random = new Random(seed);
        _world = world;
        for (var i = 0; i < 6; i++)
            _users.Add(world.NewUser($"User {i}"));
        _chats.Add(world.NewGroup(_users[0], _users[1], _users[2], _users[3]));
        _chats.Add(world.NewDirect(_users[0], _users[4]));
        _chats.Add(world.NewDirect(_users[5], UserId.Assistant));
    }

    public void Go(int steps)
    {
        for (var i = 0; i < steps; i++)
            Step();
    }

    private void Step()
    {
        if (_random.Next(40) == 0)
        {
            Account(Any(_users));
            return;
        }
        var chat = Any(_chats);
        var state = _world.Chats[chat];
        var by = _random.Next(20) == 0 ? Any(_users) : Any([.. state.Members.Keys.Where(u => !u.IsAssistant)]);
        _world.Execute(chat, Command(state, by, _random.Next(100)));
    }

    private void Account(UserId user)
    {
        IUserCommand command = _random.Next(3) switch
        {
            0 => new UserCommands.ChangeProfile($"Name {_random.Next(100)}"),
            1 => UserCommands.GoOffline.Instance,
            _ => new UserCommands.AddDevice(new DeviceId(_world.NewId()), "phone", "00"),
        };
        _world.Execute(user, command);
    }

    private IChatCommand Command(ChatState state, UserId by, int dice) =>
        dice switch
        {
            < 45 => Send(state, by),
            < 52 => new ChatCommands.EditMessage(by, AnySeq(state), Text()),
            < 59 => new ChatCommands.DeleteMessage(by, AnySeq(state)),
            < 66 => new ChatCommands.ReactToMessage(by, AnySeq(state), _random.Next(4) == 0 ? null : Any(["👍", "🎉"])),
            < 78 => new ChatCommands.Acknowledge(by, AnySeq(state), _random.Next(3) == 0 ? null : AnySeq(state)),
            < 80 => new ChatCommands.AddMembers(by, [Any(_users), Any(_users)]),
            < 82 => new ChatCommands.RemoveMember(by, Any(_users)),
            < 83 => new ChatCommands.ChangeRole(by, Any(_users), Any([MemberRole.Member, MemberRole.Admin])),
            < 86 => new ChatCommands.SetChat(
                by,
                _random.Next(3) == 0 ? $"Title {_random.Next(9)}" : null,
                _random.Next(9) > 0 ? true
                    : _random.Next(2) == 0 ? false
                    : null,
                _random.Next(2) == 0,
                null,
                _random.Next(2) == 0
            ),
            < 90 => new ChatCommands.AskAssistant(by, Any([AiRunKind.Reply, AiRunKind.CatchUp]), "what?", null),
            < 91 when state.Runs.Count > 0 => new ChatCommands.CancelRun(by, Any([.. state.Runs.Keys])),
            < 92 when state.Runs.Count > 0 => new ChatCommands.FailRun(Any([.. state.Runs.Keys]), "internal", "broke"),
            < 99 when state.Runs.Count > 0 => Complete(state, Any([.. state.Runs.Values])),
            _ => ChatCommands.RefreshSummary.Instance,
        };

    private ChatCommands.SendMessage Send(ChatState state, UserId by)
    {
        var files = _random.Next(6) == 0 ? Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => File()).ToList() : [];
        var text = files.Count > 0 && _random.Next(2) == 0 ? "" : Text();
        return new ChatCommands.SendMessage(by, new ClientMessageId(_world.NewId()), text, ReplyTo(state))
        {
            AttachmentIds = [.. files.Select(f => f.Id)],
            Attachments = files,
        };
    }

    // Few contents, so that the same one hangs on several messages.
    private Attachment File()
    {
        var content = _random.Next(5);
        var (id, sha256) = (new AttachmentId(_world.NewId()), new string((char)('a' + content), 64));
        return new Attachment(id, sha256, "c", 10 + content, "image/png", $"pic {content}.png", 3, 2);
    }

    private ChatCommands.CompleteRun Complete(ChatState state, PendingRun run)
    {
        var latest =
            state.Recent.Count > 0
                ? state.Recent[state.Recent.Count - 1 - _random.Next(Math.Min(10, state.Recent.Count))]
                : null;
        return new ChatCommands.CompleteRun(
            run.Run,
            $"Answer {_random.Next(1_000)}",
            [AnySeq(state)],
            Provenance,
            _random.Next(10) == 0 ? -1 : state.Mutations,
            run.Kind == AiRunKind.Rolling && latest is not null
                ? new ChatCommands.RollingRange(1, latest.Seq, latest.Id, "ab")
                : null
        );
    }

    private string Text() => $"{(_random.Next(12) == 0 ? "@AI " : "")}word {_random.Next(10_000)}";

    private long? ReplyTo(ChatState state) => _random.Next(5) == 0 ? AnySeq(state) : null;

    private long AnySeq(ChatState state) =>
        _random.Next(3) == 0 ? _random.NextInt64(1, state.Head + 2) : Math.Max(1, state.Head - _random.Next(12));

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
