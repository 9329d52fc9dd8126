using System.Net;
using System.Net.Http.Headers;
using ChatAi.ChatNode.Ai.Providers.Remote;
using Microsoft.Extensions.Time.Testing;
using Polly.Timeout;

namespace ChatAi.Actors.Tests.Ai.Providers;

public sealed class RemotePipelineTests
{
    private static readonly RemoteSettings Settings = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));

    private readonly ImpatientTime _time = new();
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();
    private int _calls;

    private async Task<HttpResponseMessage> SendAsync()
    {
        using var http = new HttpMessageInvoker(RemotePipeline.Handler(Settings, _time, new Scripted(this)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");
        return await http.SendAsync(request, default);
    }

    private void Answer(HttpStatusCode status, RetryConditionHeaderValue? retryAfter = null) =>
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status);
            response.Headers.RetryAfter = retryAfter;
            return response;
        });

    [Fact]
    public async Task Should_wait_as_long_as_the_server_asks_in_seconds_or_until_a_date()
    {
        Answer(HttpStatusCode.TooManyRequests, new(TimeSpan.FromSeconds(7)));
        Answer(HttpStatusCode.ServiceUnavailable, new(_time.GetUtcNow().AddSeconds(4)));
        Answer(HttpStatusCode.TooManyRequests, new(_time.GetUtcNow().AddSeconds(-4)));
        using var response = await SendAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([7, 4], _time.Waits.Select(w => Math.Round(w.TotalSeconds)));
    }

    [Fact]
    public async Task Should_not_wait_where_the_server_asks_for_too_much()
    {
        Answer(HttpStatusCode.TooManyRequests, new(Settings.WaitMost + TimeSpan.FromSeconds(1)));
        using var response = await SendAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Should_wait_a_while_between_tries_and_give_up()
    {
        for (var i = 0; i < 10; i++)
            _answers.Enqueue(() => throw new HttpRequestException(HttpRequestError.ConnectionError));
        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        Assert.Equal(Settings.Retries + 1, _calls);
        Assert.Equal(Settings.Retries, _time.Waits.Count);
        Assert.All(_time.Waits, w => Assert.InRange(w, TimeSpan.FromTicks(1), Settings.WaitMost));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    public async Task Should_not_repeat_what_the_server_refuses(HttpStatusCode status)
    {
        Answer(status);
        using var response = await SendAsync();
        Assert.Equal((status, 1), (response.StatusCode, _calls));
    }

    [Fact]
    public async Task Should_give_each_try_its_own_time()
    {
        var time = new FakeTimeProvider();
        var handler = new Silent(() => time.Advance(Settings.Attempt));
        using var http = new HttpMessageInvoker(
            RemotePipeline.Handler(Settings with { WaitFirst = TimeSpan.Zero }, time, handler)
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => http.SendAsync(request, default));
        Assert.Equal(Settings.Retries + 1, handler.Calls);
    }

    private sealed class Scripted(RemotePipelineTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            test._calls++;
            return Task.FromResult(
                test._answers.TryDequeue(out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.OK)
            );
        }
    }

    /// <summary>Never answers; the clock is moved on once it was asked.</summary>
    private sealed class Silent(Action asked) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancel
        )
        {
            Calls++;
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = cancel.Register(() => stopped.TrySetResult());
            asked();
            await stopped.Task;
            cancel.ThrowIfCancellationRequested();
            throw new InvalidOperationException("Not cancelled.");
        }
    }

    /// <summary>Waits are noted and over at once; a try's own time never is.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero && dueTime < Settings.Attempt)
            {
                Waits.Add(dueTime);
                dueTime = TimeSpan.Zero;
            }
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
