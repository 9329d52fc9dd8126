using System.Text.Json;
using ChatAi.ChatNode.Api;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.Http;

namespace ChatAi.Wire.Tests.Api;

public sealed class ProblemTests
{
    [Theory]
    [InlineData(ErrorCode.BadRequest, 400, false)]
    [InlineData(ErrorCode.Unauthenticated, 401, false)]
    [InlineData(ErrorCode.TokenExpired, 401, false)]
    [InlineData(ErrorCode.Forbidden, 403, false)]
    [InlineData(ErrorCode.QuotaExceeded, 403, false)]
    [InlineData(ErrorCode.NotFound, 404, false)]
    [InlineData(ErrorCode.Conflict, 409, false)]
    [InlineData(ErrorCode.AiDisabled, 409, false)]
    [InlineData(ErrorCode.TooLarge, 413, false)]
    [InlineData(ErrorCode.RateLimited, 429, true)]
    [InlineData(ErrorCode.Unsupported, 501, false)]
    [InlineData(ErrorCode.AiBusy, 503, true)]
    [InlineData(ErrorCode.ShardUnavailable, 503, true)]
    [InlineData(ErrorCode.Timeout, 504, true)]
    [InlineData(ErrorCode.Internal, 500, true)]
    public async Task Should_carry_code_status_and_whether_to_retry(string code, int status, bool retry)
    {
        var (http, problem) = await ExecuteAsync(new Rejection(code, "why", 1_200));
        Assert.Equal(status, http.Response.StatusCode);
        Assert.Equal("application/problem+json", http.Response.ContentType);
        Assert.Equal("2", http.Response.Headers.RetryAfter);
        Assert.Equal(status == 401, http.Response.Headers.WWWAuthenticate.Count == 1);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal("why", problem.GetProperty("detail").GetString());
        Assert.Equal(retry, problem.GetProperty("retry").GetBoolean());
        Assert.Equal(1_200, problem.GetProperty("after_ms").GetInt32());
    }

    [Fact]
    public async Task Should_not_say_when_to_come_back_where_nobody_knows()
    {
        var (http, problem) = await ExecuteAsync(new Rejection(ErrorCode.AiBusy, "why"));
        Assert.Equal(0, http.Response.Headers.RetryAfter.Count);
        Assert.False(problem.TryGetProperty("after_ms", out _));
    }

    private static async Task<(HttpContext Http, JsonElement Problem)> ExecuteAsync(Rejection rejection)
    {
        var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await new Problem(rejection).ExecuteAsync(http);
        return (http, JsonDocument.Parse(body.ToArray()).RootElement);
    }
}
