using ChatAi.ChatNode.Ai.Providers.Remote;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Ai.Providers;

public sealed class RunBreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<BreakerState> _changes = [];
    private readonly RunBreaker _breaker;

    public RunBreakerTests() => _breaker = new RunBreaker(3, TimeSpan.FromSeconds(15), _time, _changes.Add);

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
            _breaker.TryEnter()!.Failed();
    }

    [Fact]
    public void Should_open_after_as_many_failures_in_a_row()
    {
        Fail(2);
        _breaker.TryEnter()!.Succeeded();
        Fail(2);
        Assert.Equal(BreakerState.Closed, _breaker.State);
        Fail(1);
        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.Null(_breaker.TryEnter());
    }

    [Fact]
    public void Should_let_one_try_after_a_while_and_close_when_it_is_good()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Null(_breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        var probe = _breaker.TryEnter()!;
        Assert.Null(_breaker.TryEnter());
        probe.Succeeded();
        Assert.NotNull(_breaker.TryEnter());
        Assert.Equal([BreakerState.Open, BreakerState.HalfOpen, BreakerState.Closed], _changes);
    }

    [Fact]
    public void Should_wait_anew_when_the_try_is_bad()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(15));
        Fail(1);
        Assert.Null(_breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.NotNull(_breaker.TryEnter());
    }

    [Fact]
    public void Should_let_another_try_when_the_one_was_cancelled()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(15));
        _breaker.TryEnter()!.Left();
        Assert.NotNull(_breaker.TryEnter());
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void Should_not_hear_late_what_was_sent_before_the_break()
    {
        var good = _breaker.TryEnter()!;
        var bad = _breaker.TryEnter()!;
        Fail(3);
        good.Succeeded();
        Assert.Equal(BreakerState.Open, _breaker.State);
        _time.Advance(TimeSpan.FromSeconds(15));
        var probe = _breaker.TryEnter()!;
        bad.Failed();
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        probe.Succeeded();
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void Should_count_what_is_told_first()
    {
        Fail(2);
        var pass = _breaker.TryEnter()!;
        pass.Succeeded();
        pass.Failed();
        Assert.Equal(BreakerState.Closed, _breaker.State);
        Fail(2);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }
}
