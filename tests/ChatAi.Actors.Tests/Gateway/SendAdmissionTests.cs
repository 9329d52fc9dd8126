using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class SendAdmissionTests
{
    private readonly FakeTimeProvider _time = new();

    private SendAdmission With(int maxDelayMs) =>
        new(Options.Create(new ChatAiOptions { Overload = new() { MaxDelayMs = maxDelayMs } }), _time);

    [Fact]
    public void Should_take_a_first_burst_and_say_when_to_come_again()
    {
        var admission = With(200);
        Assert.Equal(SendAdmission.Least, Fill(admission));
        for (var i = 0; i < 100; i++)
        {
            var refused = admission.TryEnter()!;
            Assert.Equal(ErrorCode.ShardUnavailable, refused.Code);
            Assert.InRange(refused.AfterMs!.Value, 200, 5_000);
        }
        admission.Leave(10);
        Assert.Equal(10, Fill(admission));
    }

    [Fact]
    public void Should_take_as_many_as_are_answered_in_the_delay()
    {
        var admission = With(200);
        Answer(admission, 800, 10);
        Assert.InRange(admission.Pace, 7_500, 8_500);
        Assert.InRange(Fill(admission), 1_500, 1_700);
    }

    [Fact]
    public void Should_never_take_more_than_the_journal_lets_wait()
    {
        var admission = With(5_000);
        for (var i = 0; i < 100; i++)
            Answer(admission, 200, 5);
        Assert.Equal(SendAdmission.Most, Fill(admission));
    }

    [Fact]
    public void Should_remember_a_pace_over_a_quiet_second_and_forget_it_over_a_quiet_minute()
    {
        var admission = With(200);
        Answer(admission, 800, 10);
        _time.Advance(TimeSpan.FromSeconds(1));
        Answer(admission, 1, 1);
        Assert.InRange(admission.Pace, 5_000, 8_000);
        _time.Advance(TimeSpan.FromMinutes(1));
        Answer(admission, 1, 1);
        Assert.InRange(admission.Pace, 0, 10);
    }

    [Fact]
    public void Should_take_everything_where_it_is_off()
    {
        var admission = With(0);
        for (var i = 0; i < 10_000; i++)
            Assert.Null(admission.TryEnter());
    }

    // So many are taken and answered in each of so many tenths of a second.
    private void Answer(SendAdmission admission, int each, int tenths)
    {
        for (var i = 0; i < tenths; i++)
        {
            for (var taken = 0; taken < each; taken++)
                if (admission.TryEnter() is null)
                    admission.Leave();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
        Assert.Null(admission.TryEnter());
        admission.Leave();
    }

    private static int Fill(SendAdmission admission)
    {
        var taken = 0;
        while (admission.TryEnter() is null)
            taken++;
        return taken;
    }
}
