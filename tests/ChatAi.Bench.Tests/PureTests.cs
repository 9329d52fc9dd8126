using System.Diagnostics;
using System.Text;
using ChatAi.Bench.Delivery;
using ChatAi.Bench.Replay;
using ChatAi.Bench.Sockets;
using ChatAi.Testing.Irc;

namespace ChatAi.Bench.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void Should_be_poisson_at_the_wanted_rate_over_all_senders()
    {
        var schedule = PoissonSchedule.Create(rate: 1000, seconds: 20, senders: 10, seed: 7);
        var gaps = schedule
            .Arrivals.Zip(schedule.Arrivals.Skip(1), (one, next) => (next.At - one.At) / (double)Stopwatch.Frequency)
            .ToList();
        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));

        Assert.InRange(schedule.Arrivals.Count, 19_400, 20_600);
        Assert.InRange(deviation / mean, 0.95, 1.05); // Exponential gaps: as wide as they are long.
        Assert.All(schedule.PerSender, count => Assert.InRange(count, 1_700, 2_300));
    }
}

public sealed class RampSearchTests
{
    [Theory]
    [InlineData(1234)]
    [InlineData(400)]
    [InlineData(90)]
    public async Task Should_end_within_a_tenth_below_the_limit(double limit)
    {
        var found = await RampSearch.FindAsync(400, 100_000, rate => Task.FromResult(rate <= limit));

        Assert.InRange(found, limit / 1.1 - 1, limit);
    }

    [Fact]
    public async Task Should_not_go_above_the_most()
    {
        Assert.Equal(5000, await RampSearch.FindAsync(400, 5000, _ => Task.FromResult(true)));
    }
}

public sealed class FrameTests
{
    [Fact]
    public void Should_read_a_message_whatever_the_order_of_its_properties()
    {
        var sender = Guid.CreateVersion7();
        var frame = ServerFrame.Read(
            Encoding.UTF8.GetBytes(
                $$"""{"d":{"cites":[1,{"a":2}],"text":"hi","sender":"{{sender}}"},"seq":7,"ev":"message.created","x":null}"""
            )
        );

        Assert.Equal(ServerFrameKind.Message, frame.Kind);
        Assert.Equal(7, frame.Seq);
        Assert.Equal(sender, frame.Sender);
        Assert.Equal("hi", Encoding.UTF8.GetString(frame.Text));
    }

    [Fact]
    public void Should_tell_answers_errors_and_pings_apart()
    {
        Assert.Equal(ServerFrameKind.Ok, ServerFrame.Read("""{"re":3,"ok":{"err":1}}"""u8).Kind);
        Assert.Equal(ServerFrameKind.Ping, ServerFrame.Read("{}"u8).Kind);
        var error = ServerFrame.Read("""{"err":{"msg":"x","code":"conflict"},"re":4}"""u8);
        Assert.Equal(ServerFrameKind.Err, error.Kind);
        Assert.Equal("conflict", Encoding.UTF8.GetString(error.Code));
    }

    [Fact]
    public void Should_read_back_what_a_load_text_says()
    {
        var text = new byte[100];
        LoadText.Write(text, run: 3, sender: 199, number: 12_345);

        Assert.True(LoadText.TryRead(text, out var run, out var sender, out var number));
        Assert.Equal((3, 199, 12_345), (run, sender, number));
        Assert.False(LoadText.TryRead("hello there, this is talk"u8, out _, out _, out _));
    }

    [Fact]
    public void Should_find_the_times_of_a_process_with_a_strange_name()
    {
        var stat = ProcessCpu.Parse("42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 100 50 20 10 20 0 1 0 99");

        Assert.Equal(new ProcessCpu.Stat(42, 7, 180), stat);
    }
}

public sealed class PageTests
{
    [Fact]
    public void Should_replace_only_its_own_section()
    {
        var page = MarkdownSection.Replaced("# Title\n\nBefore.\n", "delivery", "one");
        page = MarkdownSection.Replaced(page + "\nAfter.\n", "delivery", "two");

        Assert.StartsWith("# Title\n\nBefore.\n", page);
        Assert.EndsWith("\nAfter.\n", page);
        Assert.Contains("two", page);
        Assert.DoesNotContain("one", page);
    }

    [Fact]
    public void Should_take_the_middle_as_median()
    {
        Assert.Equal(2, DeliveryReport.Median([3, 1, 2]));
        Assert.Equal(2.5, DeliveryReport.Median([4, 1, 2, 3]));
        Assert.True(double.IsNaN(DeliveryReport.Median([])));
    }
}

public sealed class ReplayScriptTests
{
    private static readonly IReadOnlyList<IrcLine> Log = IrcLog.Parse(
        """
        [12:18] <ann> bob: is it raining?
        === carl has joined #ubuntu
        [12:19] <Bob> yes: since noon
        [12:19]  * ann sighs
        [12:20] <Bob> ann, take a coat
        """,
        new DateOnly(2004, 11, 15)
    );

    [Fact]
    public void Should_keep_what_was_said_in_order()
    {
        var script = ReplayScript.Of(Log, 10);

        Assert.Equal(
            ["bob: is it raining?", "yes: since noon", "* ann sighs", "ann, take a coat"],
            script.Select(l => l.Text)
        );
        Assert.Equal([0, 2, 3, 4], script.Select(line => line.Number));
    }

    [Fact]
    public void Should_pair_those_who_address_each_other_by_name()
    {
        var script = ReplayScript.Pairwise(ReplayScript.Of(Log, 10));

        Assert.Equal([("ann", "Bob"), ("Bob", "ann")], script.Select(line => (line.Speaker, line.To!)));
    }
}

public sealed class UrlOptionTests
{
    [Fact]
    public void Should_take_an_address_and_refuse_anything_else()
    {
        var option = ChatAi.Bench.Sockets.UrlOption.Create("--url", "The server", "http://localhost:5080");
        var command = new System.CommandLine.RootCommand { option };

        Assert.Equal(new Uri("http://127.0.0.1:81"), command.Parse("--url http://127.0.0.1:81").GetValue(option));
        Assert.Equal(new Uri("http://localhost:5080"), command.Parse("").GetValue(option));
        Assert.NotEmpty(command.Parse("--url nonsense").Errors);
    }
}
