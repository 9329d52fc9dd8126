using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;
using CsCheck;
using static ChatAi.Shared.Domain.Users.UserCommands;
using static ChatAi.Shared.Domain.Users.UserEvents;
using Limits = ChatAi.Shared.Domain.Limits;

namespace ChatAi.Domain.Tests.Users;

public sealed class UserDeciderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DeviceId DeviceNo(int n) => new(new Guid($"00000000-0000-7000-8000-{n:x12}"));

    private sealed class World
    {
        private int _ids;
        public UserState State { get; private set; } = new();
        public List<IUserEvent> Log { get; } = [];
        public DateTimeOffset Now { get; set; } = Start;

        public UserDecision Execute(IUserCommand command)
        {
            var decision = UserDecider.Decide(State, command, Now, () => DeviceNo(1_000 + ++_ids).Value);
            var events = decision switch
            {
                UserDecision.Accepted accepted => accepted.Events,
                UserDecision.Refused refused => refused.Events,
                _ => throw new InvalidOperationException(),
            };
            foreach (var e in events)
            {
                Log.Add(e);
                State.Apply(e);
            }
            return decision;
        }

        public static World WithUser()
        {
            var world = new World();
            world.Execute(new Register("+4366412345678", "Ada"));
            return world;
        }
    }

    [Fact]
    public void Should_block_once_and_let_in_once_and_never_the_assistant()
    {
        var world = World.WithUser();
        var bob = new UserId(DeviceNo(7).Value);
        world.Execute(new SetBlocked(bob, true));
        world.Execute(new SetBlocked(bob, true));
        Assert.Equal(new UserBlocked(bob, Start), Assert.Single(world.Log.OfType<UserBlocked>()));
        Assert.Equal(Start, UserState.Restore(world.State.ToSnapshot()).Blocked[bob]);
        world.Execute(new SetBlocked(bob, false));
        world.Execute(new SetBlocked(bob, false));
        Assert.Single(world.Log.OfType<UserUnblocked>());
        Assert.Empty(UserState.Restore(world.State.ToSnapshot()).Blocked);
        Assert.IsType<UserDecision.Refused>(world.Execute(new SetBlocked(UserId.Assistant, true)));
    }

    [Fact]
    public void Should_keep_who_may_see_the_person_and_refuse_what_is_no_choice()
    {
        var world = World.WithUser();
        Assert.Equal(LastSeen.Everyone, world.State.LastSeen);
        world.Execute(new SetPrivacy(LastSeen.Contacts));
        world.Execute(new SetPrivacy(LastSeen.Contacts));
        Assert.Equal(new PrivacyChanged(LastSeen.Contacts, Start), Assert.Single(world.Log.OfType<PrivacyChanged>()));
        Assert.Equal(LastSeen.Contacts, UserState.Restore(world.State.ToSnapshot()).LastSeen);
        Assert.IsType<UserDecision.Refused>(world.Execute(new SetPrivacy((LastSeen)7)));
    }

    /// <summary>Whoever sees is seen; and nobody is seen against either choice.</summary>
    [Fact]
    public void Should_let_both_see_each_other_or_neither()
    {
        var choice = Gen.Int[0, 2].Select(n => (LastSeen)n);
        Gen.Select(choice, choice, Gen.Bool)
            .Sample(
                (one, other, contacts) =>
                {
                    var sees = LastSeenRules.MaySee(one, other, contacts);
                    Assert.Equal(sees, LastSeenRules.MaySee(other, one, contacts));
                    var hidden =
                        one == LastSeen.Nobody
                        || other == LastSeen.Nobody
                        || (!contacts && (one == LastSeen.Contacts || other == LastSeen.Contacts));
                    Assert.Equal(!hidden, sees);
                }
            );
    }

    [Fact]
    public void Should_have_an_end_of_people_to_block()
    {
        var world = World.WithUser();
        for (var n = 1; n <= UserDecider.MaxBlocked; n++)
            world.Execute(new SetBlocked(new UserId(DeviceNo(n).Value), true));
        var one = new SetBlocked(new UserId(DeviceNo(UserDecider.MaxBlocked + 1).Value), true);
        var refused = Assert.IsType<UserDecision.Refused>(world.Execute(one));
        Assert.Equal(ErrorCode.QuotaExceeded, refused.Rejection.Code);
    }

    /// <summary>
    /// Against a list of all secrets that each device ever had: the newest works, the others sign the device out (or,
    /// when long past, are refused), one of another device does nothing.
    /// </summary>
    [Fact]
    public void Should_take_each_refresh_secret_once_and_revoke_on_reuse() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 30], Gen.Bool)
            .Array[1, 80]
            .Sample(
                steps =>
                {
                    var world = World.WithUser();
                    var secrets = new Dictionary<int, List<string>>();
                    var made = 0;
                    foreach (var (device, back, newest) in steps)
                    {
                        if (!secrets.TryGetValue(device, out var own))
                        {
                            secrets[device] = own = [$"s{++made}"];
                            world.Execute(new AddDevice(DeviceNo(device), "phone", own[0]));
                            continue;
                        }
                        var age = newest ? 0 : back % (own.Count + 1);
                        var shown = age == own.Count ? "unknown" : own[^(age + 1)];
                        var next = $"s{++made}";
                        var others = Shape.Of(Others(world, device));

                        var decision = world.Execute(new RotateRefresh(DeviceNo(device), shown, next));

                        Assert.Equal(others, Shape.Of(Others(world, device)));
                        Assert.Equal(age == 0, decision is UserDecision.Accepted);
                        if (age == 0)
                            own.Add(next);
                        var reused = age > 0 && age < own.Count && age <= Device.RememberedHashes;
                        Assert.Equal(!reused, world.State.Devices.ContainsKey(DeviceNo(device)));
                        if (reused)
                            secrets.Remove(device);
                        Assert.All(
                            world.State.Devices.Values,
                            d => Assert.InRange(d.UsedHashes.Count, 0, Device.RememberedHashes)
                        );
                    }
                },
                iter: 500
            );

    private static IEnumerable<Device> Others(World world, int device) =>
        world.State.Devices.Values.Where(d => d.Id != DeviceNo(device)).OrderBy(d => d.Id.Value);

    [Fact]
    public void Should_refuse_every_secret_of_a_revoked_device()
    {
        var world = World.WithUser();
        world.Execute(new AddDevice(DeviceNo(1), "phone", "a"));
        world.Execute(new RevokeDevice(DeviceNo(1), "signed out"));

        var refused = Assert.IsType<UserDecision.Refused>(world.Execute(new RotateRefresh(DeviceNo(1), "a", "b")));

        Assert.Equal((ErrorCode.Unauthenticated, 0), (refused.Rejection.Code, refused.Events.Count));
    }

    [Fact]
    public void Should_let_an_unused_secret_expire()
    {
        var world = World.WithUser();
        world.Execute(new AddDevice(DeviceNo(1), "phone", "a"));
        world.Now += UserDecider.RefreshLifetime;
        Assert.IsType<UserDecision.Accepted>(world.Execute(new RotateRefresh(DeviceNo(1), "a", "b")));
        world.Now += UserDecider.RefreshLifetime + TimeSpan.FromMilliseconds(1);

        var refused = Assert.IsType<UserDecision.Refused>(world.Execute(new RotateRefresh(DeviceNo(1), "b", "c")));

        Assert.Equal(ErrorCode.TokenExpired, refused.Rejection.Code);
    }

    [Fact]
    public void Should_sign_the_longest_unseen_device_out_when_there_are_too_many()
    {
        var world = World.WithUser();
        for (var n = 0; n < UserDecider.MaxDevices + 5; n++)
        {
            world.Now += TimeSpan.FromMinutes(1);
            world.Execute(new AddDevice(DeviceNo(n), "phone", $"s{n}"));
        }

        Assert.Equal(UserDecider.MaxDevices, world.State.Devices.Count);
        Assert.Equal(
            5,
            world.State.Devices.Keys.Min(d =>
                int.Parse(d.ToString()[24..], System.Globalization.NumberStyles.HexNumber)
            )
        );
    }

    [Fact]
    public void Should_open_one_chat_with_a_peer()
    {
        var world = World.WithUser();
        var peer = new UserId(DeviceNo(5).Value);

        var first = Assert.IsType<UserDecision.Accepted>(world.Execute(new OpenDirectChat(peer)));
        var again = Assert.IsType<UserDecision.Accepted>(world.Execute(new OpenDirectChat(peer)));

        Assert.Equal((1, 0), (first.Events.Count, again.Events.Count));
        Assert.Equal(((DirectChatOpened)first.Events[0]).Chat, world.State.DirectChats[peer]);
    }

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Const(" "),
        Gen.Const("Ada"),
        Gen.Const("\ud83d"),
        Gen.Int[60, 70].Select(n => new string('x', n))
    );

    // The phone number is checked and the hashes and reasons are made by the service.
    private static readonly Gen<string> Checked = Gen.Int[0, 9].Select(n => $"+4366412345{n}");
    private static readonly Gen<DeviceId> AnyDevice = Gen.Int[0, 40].Select(DeviceNo);

    private static readonly Gen<IUserCommand> AnyCommand = Gen.OneOf(
        Gen.Select(Checked, AnyText).Select((phone, name) => (IUserCommand)new Register(phone, name)),
        AnyText.Select(name => (IUserCommand)new ChangeProfile(name)),
        Gen.Select(AnyDevice, AnyText, Checked).Select((d, n, h) => (IUserCommand)new AddDevice(d, n, h)),
        Gen.Select(AnyDevice, Checked, Checked).Select((d, p, n) => (IUserCommand)new RotateRefresh(d, p, n)),
        Gen.Select(AnyDevice, Checked).Select((d, r) => (IUserCommand)new RevokeDevice(d, r)),
        AnyDevice.Select(d => (IUserCommand)new OpenDirectChat(new UserId(d.Value))),
        Gen.Const((IUserCommand)GoOffline.Instance)
    );

    [Fact]
    public void Should_decide_any_command_and_replay_to_the_same_state() =>
        Gen.Select(AnyCommand.Array[0, 80], Gen.Bool, Gen.Int[0, 1_000])
            .Sample(
                (commands, registered, where) =>
                {
                    var world = registered ? World.WithUser() : new World();
                    foreach (var command in commands)
                    {
                        world.Now += TimeSpan.FromTicks(12_345_678);
                        world.Execute(command);
                        Assert.InRange(world.State.Devices.Count, 0, UserDecider.MaxDevices);
                        Assert.InRange(world.State.DisplayName.Length, 0, Limits.DisplayNameLength);
                    }
                    var cut = where % (world.Log.Count + 1);
                    var prefix = new UserState();
                    foreach (var e in world.Log.Take(cut))
                        prefix.Apply(e);
                    var restored = UserState.Restore(Stored(prefix.ToSnapshot()));
                    foreach (var e in world.Log.Skip(cut))
                        restored.Apply(e);
                    Assert.Equal(Shape.Of(world.State), Shape.Of(restored));
                },
                iter: 300
            );

    private static UserSnapshot Stored(UserSnapshot value) =>
        (UserSnapshot)JournalCodec.Current.FromBytes(JournalCodec.Current.ToBytes(value), "user.snapshot.v1");
}
