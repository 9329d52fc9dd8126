using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class GatewayRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Should_let_a_burst_through_and_then_the_sustained_rate()
    {
        var bucket = new TokenBucket(5, 10, _time);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(0, bucket.TryTake()));
        Assert.Equal(200, bucket.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, bucket.TryTake());
        Assert.InRange(bucket.TryTake(), 1, 200);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(bucket.IsFull);
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => bucket.TryTake() == 0));
    }

    [Fact]
    public void Should_limit_each_user_apart_and_switch_off_at_zero()
    {
        var (ann, bob) = (UserId.New(Noon), UserId.New(Noon));
        var limits = new RateLimits(With(perSecond: 1, burst: 1), _time);
        Assert.Null(limits.Check(ann));
        Assert.Equal((ErrorCode.RateLimited, 1_000), (limits.Check(ann)!.Code, limits.Check(ann)!.AfterMs!.Value));
        Assert.Null(limits.Check(bob));
        var off = new RateLimits(With(perSecond: 0, burst: 1), _time);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(off.Check(ann)));
        // Searching has a rate of its own.
        Assert.Null(limits.CheckSearch(ann));
        Assert.Equal(
            (ErrorCode.RateLimited, 500),
            (limits.CheckSearch(ann)!.Code, limits.CheckSearch(ann)!.AfterMs!.Value)
        );
        Assert.Null(limits.CheckSearch(bob));

        static IOptions<ChatAiOptions> With(int perSecond, int burst) =>
            Options.Create(
                new ChatAiOptions
                {
                    RateLimit = new()
                    {
                        MessagesPerSecond = perSecond,
                        Burst = burst,
                        SearchesPerSecond = 2,
                        SearchBurst = 1,
                    },
                }
            );
    }

    [Fact]
    public void Should_close_after_three_bad_frames_in_a_row_only()
    {
        var strikes = new Strikes();
        Assert.False(strikes.BadFrame());
        Assert.False(strikes.BadFrame());
        strikes.GoodFrame();
        Assert.False(strikes.BadFrame());
        Assert.False(strikes.BadFrame());
        Assert.True(strikes.BadFrame());
    }

    [Fact]
    public void Should_close_a_client_that_does_not_heed_a_thousand_refusals()
    {
        var strikes = new Strikes();
        var now = TimeSpan.Zero;
        for (var i = 1; i < Strikes.Refusals; i++)
            Assert.False(strikes.Refused(now));
        Assert.True(strikes.Refused(now));
        strikes = new Strikes();
        for (var i = 0; i < 2 * Strikes.Refusals; i++)
            Assert.False(strikes.Refused(now += TimeSpan.FromMilliseconds(15)));
    }

    [Fact]
    public void Should_know_what_is_due()
    {
        var clock = new SessionClock(TimeSpan.Zero);
        Assert.Equal(SessionDue.HelloTimeout, clock.TakeDue(Seconds(10), canHear: true));
        clock.Welcomed(Seconds(1));
        Assert.Equal(SessionDue.Nothing, clock.TakeDue(Seconds(25), canHear: true));
        Assert.Equal(SessionDue.Ping, clock.TakeDue(Seconds(26), canHear: true));
        Assert.Equal(SessionDue.Nothing, clock.TakeDue(Seconds(35), canHear: true));
        clock.Heard();
        Assert.Equal(SessionDue.Nothing, clock.TakeDue(Seconds(36), canHear: true));
        Assert.Equal(SessionDue.Ping, clock.TakeDue(Seconds(51), canHear: true));
        // Who is not read cannot be heard.
        Assert.Equal(SessionDue.Nothing, clock.TakeDue(Seconds(61), canHear: false));
        Assert.Equal(SessionDue.Ping, clock.TakeDue(Seconds(76), canHear: true));
        Assert.Equal(SessionDue.NoPong, clock.TakeDue(Seconds(86), canHear: true));
        clock.ExpiresIn(Seconds(86), Seconds(4));
        clock.DrainsIn(Seconds(86), Seconds(1));
        Assert.Equal(Seconds(87), clock.Next);
        Assert.Equal(SessionDue.Drained, clock.TakeDue(Seconds(87), canHear: true));
        Assert.Equal(SessionDue.TokenExpired, clock.TakeDue(Seconds(90), canHear: true));

        static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
    }

    [Theory]
    [InlineData(null, "chat.example", true)]
    [InlineData("https://chat.example", "chat.example", true)]
    [InlineData("http://chat.example:5080", "chat.example:5080", true)]
    [InlineData("http://[::1]:5080", "[::1]:5080", true)]
    [InlineData("https://CHAT.example", "chat.example", true)]
    [InlineData("https://app.example", "chat.example", true)]
    [InlineData("https://evil.example", "chat.example", false)]
    [InlineData("http://chat.example:81", "chat.example", false)]
    [InlineData("null", "chat.example", false)]
    [InlineData("file://chat.example", "chat.example", false)]
    [InlineData("https://chat.example.evil.example", "chat.example", false)]
    public void Should_let_own_and_configured_origins_in(string? origin, string host, bool allowed) =>
        Assert.Equal(allowed, Upgrade.IsAllowed(origin, new HostString(host), ["https://app.example"]));

    [Fact]
    public void Should_read_only_its_own_cursors()
    {
        var cursor = new ChatCursor(Noon.AddTicks(7), ChatId.New(Noon));
        Assert.Equal(cursor, ChatCursors.Read(ChatCursors.Write(cursor)));
        foreach (
            var wrong in new[]
            {
                "",
                "gibberish",
                "====",
                "é",
                new string('A', 34),
                new string('_', 34),
                new string('A', 9_999),
            }
        )
            Assert.Null(ChatCursors.Read(wrong));
    }

    [Fact]
    public void Should_lay_changed_chats_over_the_page()
    {
        // Rows 5 … 1 minutes old; one more than the page of four has.
        var rows = Enumerable.Range(1, 5).Select(i => View(i, Noon.AddMinutes(-i), version: 10)).ToList();
        ChatTouch[] touched =
        [
            Touch(3, Noon, version: 12), // has moved to the top
            Touch(2, Noon.AddMinutes(-2), version: 11, removed: true), // the user has left
            Touch(1, Noon.AddMinutes(-1), version: 10), // the row knows
            Touch(9, Noon.AddMinutes(-9), version: 4), // belongs on a later page
            Touch(8, Noon.AddMinutes(-1.5), version: 2), // new to the table
        ];
        var merge = new ChatListMerge(rows, touched, null, 4);
        Assert.Equal([Id(3), Id(8)], merge.ToAsk());
        var list = merge.Merge([View(3, Noon, 12), View(8, Noon.AddMinutes(-1.5), 2)]);
        Assert.Equal([Id(3), Id(1), Id(8), Id(4)], list.Chats.Select(chat => chat.Id));
        Assert.Equal(Noon, list.Chats[0].LastMessageAt);
        Assert.Equal(new ChatCursor(Noon.AddMinutes(-4), Id(4)), ChatCursors.Read(list.Next!));
    }

    [Fact]
    public void Should_leave_out_of_a_later_page_what_has_moved_up()
    {
        var cursor = new ChatCursor(Noon.AddMinutes(-1), Id(1));
        var rows = Enumerable.Range(2, 2).Select(i => View(i, Noon.AddMinutes(-i), version: 10)).ToList();
        var merge = new ChatListMerge(rows, [Touch(3, Noon, version: 12)], cursor, 4);
        var list = merge.Merge([View(3, Noon, 12)]);
        Assert.Equal([Id(2)], list.Chats.Select(chat => chat.Id));
        Assert.Null(list.Next);
    }

    [Fact]
    public void Should_count_connections_of_an_address()
    {
        var counts = new ConnectionCounts(2);
        var (a, b) = (System.Net.IPAddress.Parse("10.0.0.1"), System.Net.IPAddress.Parse("10.0.0.2"));
        Assert.True(counts.TryEnter(a));
        Assert.True(counts.TryEnter(a));
        Assert.False(counts.TryEnter(a));
        Assert.True(counts.TryEnter(b));
        counts.Leave(a);
        Assert.True(counts.TryEnter(a));
        Assert.Equal(3, counts.Total);
        var drained = counts.DrainAsync();
        counts.Leave(a);
        counts.Leave(a);
        Assert.False(drained.IsCompleted);
        counts.Leave(b);
        Assert.True(drained.IsCompleted);
    }

    [Fact]
    public void Should_keep_its_epoch()
    {
        var folder = Directory.CreateTempSubdirectory("chatai-epoch-");
        try
        {
            var made = new FileEpoch(folder.FullName).Value;
            Assert.Equal(made, new FileEpoch(folder.FullName).Value);
            File.Delete(Path.Combine(folder.FullName, "epoch"));
            Assert.NotEqual(made, new FileEpoch(folder.FullName).Value);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ChatId Id(int number) => new(new Guid($"0198c0de-0000-7000-8000-{number:x12}"));

    private static ChatView View(int number, DateTimeOffset at, long version) =>
        new(Id(number), ChatType.Group, null, at, null, 1, 0, 0, 0, false, false, false, true, null, version);

    private static ChatTouch Touch(int number, DateTimeOffset at, long version, bool removed = false) =>
        new(Id(number), version, at, removed);
}
