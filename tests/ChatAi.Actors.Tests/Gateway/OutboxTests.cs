using System.Text;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class OutboxTests
{
    private static readonly ChatId One = new(new Guid("0198c0de-0000-7000-8000-000000000001"));
    private static readonly ChatId Two = new(new Guid("0198c0de-0000-7000-8000-000000000002"));
    private static readonly UserId Ann = new(new Guid("0198c0de-0000-7000-8000-00000000000a"));
    private static readonly UserId Bob = new(new Guid("0198c0de-0000-7000-8000-00000000000b"));

    private readonly FakeTimeProvider _time = new();
    private readonly Outbox _outbox;
    private int _relieved;

    public OutboxTests() => _outbox = new Outbox(_time, capacity: 100) { Relieved = () => _relieved++ };

    [Fact]
    public void Should_send_in_the_order_of_adding()
    {
        _outbox.Add(OutFrame.Answer(Bytes("a")));
        _outbox.Add(Durable(One, 1));
        _outbox.Add(Passing("t"));
        Assert.Equal(["a", "one 1", "t"], TakeAll().Select(t => t.TrimEnd('.')));
        Assert.Null(_outbox.CongestedFor);
    }

    [Fact]
    public void Should_drop_passing_frames_first_and_keep_the_newest_receipt_of_each()
    {
        _outbox.Add(Receipt(Ann, "a1"));
        _outbox.Add(Receipt(Bob, "b1"));
        _outbox.Add(Receipt(Ann, "a2"));
        for (var i = 0; i < 2; i++)
            _outbox.Add(Passing("t"));
        Assert.Null(_outbox.Add(Durable(One, 1)));
        Assert.Null(_outbox.Add(OutFrame.Answer(Bytes("ok"))));
        Assert.Equal(["b1", "a2", "one 1", "ok"], TakeAll().Select(t => t.TrimEnd('.')));
    }

    [Fact]
    public void Should_drop_a_passing_frame_that_does_not_fit()
    {
        for (var seq = 1; seq <= 5; seq++)
            _outbox.Add(Durable(One, seq));
        Assert.Null(_outbox.Add(Passing("t")));
        Assert.Equal(5, TakeAll().Count);
    }

    [Fact]
    public void Should_collapse_the_events_of_each_chat_into_one_inbox()
    {
        _outbox.Add(OutFrame.Answer(Bytes("ok")));
        for (var seq = 1; seq <= 3; seq++)
            _outbox.Add(Durable(One, seq));
        _outbox.Add(Durable(Two, 7));
        Assert.Equal([One, Two], _outbox.Add(Durable(One, 4)));
        Assert.Null(_outbox.Add(Durable(One, 5)));
        _outbox.SetUnread(One, 9);
        _outbox.SetUnread(Two, 2);
        var taken = TakeAll();
        Assert.Equal(3, taken.Count);
        Assert.StartsWith("ok", taken[0], StringComparison.Ordinal);
        Assert.Equal($$$"""{"ev":"inbox","chat":"{{{One}}}","d":{"head":5,"unread":9}}""", taken[1]);
        Assert.Equal($$$"""{"ev":"inbox","chat":"{{{Two}}}","d":{"head":7,"unread":2}}""", taken[2]);
    }

    [Fact]
    public void Should_send_events_again_after_the_inbox_was_sent()
    {
        for (var seq = 1; seq <= 6; seq++)
            _outbox.Add(Durable(One, seq));
        _outbox.SetUnread(One, 6);
        Assert.Single(TakeAll());
        _outbox.Add(Durable(One, 7));
        Assert.Equal("one 7", Assert.Single(TakeAll()).TrimEnd('.'));
    }

    [Fact]
    public void Should_not_send_an_inbox_before_its_count_is_known()
    {
        for (var seq = 1; seq <= 6; seq++)
            _outbox.Add(Durable(One, seq));
        _outbox.Add(OutFrame.Answer(Bytes("later")));
        Assert.Empty(TakeAll());
        _outbox.SetUnread(One, 6);
        Assert.Equal(2, TakeAll().Count);
    }

    [Fact]
    public void Should_never_drop_answers()
    {
        for (var i = 0; i < 50; i++)
            _outbox.Add(OutFrame.Answer(Bytes($"{i}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), TakeAll().Select(t => t.TrimEnd('.')));
    }

    [Fact]
    public void Should_stay_bounded_whatever_the_events()
    {
        for (var seq = 1; seq <= 10_000; seq++)
        {
            _outbox.Add(Durable(seq % 2 == 0 ? One : Two, seq));
            _outbox.Add(Passing("t"));
            Assert.InRange(_outbox.Bytes, 0, 100);
        }
        Assert.InRange(_outbox.Count, 1, 7);
    }

    [Fact]
    public void Should_be_congested_from_the_overflow_until_all_was_sent()
    {
        for (var seq = 1; seq <= 6; seq++)
            _outbox.Add(Durable(One, seq));
        _outbox.Add(Durable(Two, 1));
        _outbox.SetUnread(One, 6);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(4), _outbox.CongestedFor);
        Assert.True(_outbox.TryTake(out _));
        Assert.Equal(0, _relieved);
        Assert.NotNull(_outbox.CongestedFor);
        Assert.True(_outbox.TryTake(out _));
        Assert.Equal(1, _relieved);
        Assert.Null(_outbox.CongestedFor);
    }

    [Fact]
    public void Should_hold_everything_back_until_what_comes_first_is_known()
    {
        _outbox.Hold();
        _outbox.Add(Durable(One, 4));
        _outbox.Add(Durable(One, 5));
        _outbox.Add(Durable(Two, 1));
        Assert.False(_outbox.TryTake(out _));
        _outbox.Release([OutFrame.Answer(Bytes("hello")), Durable(One, 3), Durable(One, 4)]);
        // What the first frames include does not come again.
        Assert.Equal(["hello", "one 3", "one 4", "one 5", "two 1"], TakeAll().Select(t => t.TrimEnd('.')));
    }

    [Fact]
    public void Should_not_count_a_long_beginning_as_congestion()
    {
        _outbox.Hold();
        _outbox.Release([.. Enumerable.Range(1, 40).Select(seq => Durable(One, seq))]);
        _outbox.Add(Durable(One, 41));
        Assert.Null(_outbox.CongestedFor);
        Assert.Equal(41, TakeAll().Count);
    }

    [Fact]
    public async Task Should_wake_the_writer_for_a_frame_and_for_the_end()
    {
        var waiting = _outbox.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        _outbox.Add(OutFrame.Answer(Bytes("a")));
        Assert.True(waiting.IsCompleted);
        Assert.Null(await waiting);
        Assert.Single(TakeAll());
        waiting = _outbox.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        _outbox.Close(new SocketClose(CloseCodes.Drain, "bye"));
        Assert.Equal(CloseCodes.Drain, (await waiting)!.Code);
    }

    [Fact]
    public async Task Should_close_after_what_waits_or_without_it()
    {
        _outbox.Hold();
        _outbox.Add(OutFrame.Answer(Bytes("err")));
        _outbox.Close(new SocketClose(CloseCodes.AuthFailed, ""));
        _outbox.Add(OutFrame.Answer(Bytes("too late")));
        Assert.Null(await _outbox.WaitAsync());
        Assert.Equal("err", Assert.Single(TakeAll()).TrimEnd('.'));
        Assert.Equal(CloseCodes.AuthFailed, (await _outbox.WaitAsync())!.Code);

        var dropping = new Outbox(_time);
        dropping.Add(OutFrame.Answer(Bytes("never")));
        dropping.Close(new SocketClose(CloseCodes.Slow, ""), dropWaiting: true);
        Assert.Equal(CloseCodes.Slow, (await dropping.WaitAsync())!.Code);
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_outbox.TryTake(out var frame))
            taken.Add(Encoding.UTF8.GetString(frame));
        return taken;
    }

    // Twenty bytes each: five of them fill the outbox.
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.PadRight(20, '.'));

    private static OutFrame Durable(ChatId chat, long seq) =>
        new(OutFrameKind.Durable, Bytes($"{(chat == One ? "one" : "two")} {seq}"), chat, seq);

    private static OutFrame Passing(string text) => new(OutFrameKind.Passing, Bytes(text));

    private static OutFrame Receipt(UserId user, string text) => new(OutFrameKind.Receipt, Bytes(text), One, 0, user);
}
