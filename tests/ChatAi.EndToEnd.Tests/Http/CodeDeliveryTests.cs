using System.Net;
using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>Where codes are not shown in the answer.</summary>
public sealed class CodeDeliveryTests
{
    [Fact]
    public async Task Should_answer_the_same_for_known_and_unknown_numbers_and_write_the_code_to_the_log()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Auth__RevealCodes"] = "false" }
        );
        var api = new ChatApi(server.Url);
        var known = TestUser.NewPhone();
        await api.RequestCodeAsync(known);
        await api.TokenAsync(known, await CodeInLogAsync(server, known));

        var answers = new List<RawAnswer>();
        foreach (var phone in new[] { known, TestUser.NewPhone() })
            answers.Add(await api.RawAsync(HttpMethod.Post, "/v1/auth/code", new { phone }));
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Equal("""{"expires_in":300}""", answers[0].Body!.Value.GetRawText());
        Assert.Equal(answers[0].Body!.Value.GetRawText(), answers[1].Body!.Value.GetRawText());
        // Here codes go to real phones: a number that no plan has is refused.
        var refused = await RawCalls.RefusedAsync(() => api.RequestCodeAsync("+1 555 010 0123"));
        Assert.Equal("bad_request", refused.Code);
    }

    [Fact]
    public async Task Should_post_the_code_to_the_webhook_and_say_when_that_failed()
    {
        using var hook = new HttpListener();
        var address = $"http://127.0.0.1:{ChildProcess.FreePort()}/";
        hook.Prefixes.Add(address);
        hook.Start();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Auth__RevealCodes"] = "false",
                ["ChatAi__Auth__CodeWebhook"] = address + "codes",
            }
        );
        var api = new ChatApi(server.Url);
        var phone = TestUser.NewPhone();

        var taken = TakeAsync(hook, 204);
        await api.RequestCodeAsync(phone);
        var posted = await taken;
        Assert.Equal(phone, posted.GetProperty("phone").GetString());
        var tokens = await api.TokenAsync(phone, posted.GetProperty("code").GetString()!);
        Assert.Equal(phone, tokens.User!.PhoneNumber);
        Assert.DoesNotContain(server.Log, line => line.Contains(posted.GetProperty("code").GetString()!));

        taken = TakeAsync(hook, 500);
        var refused = await RawCalls.RefusedAsync(() => api.RequestCodeAsync(phone));
        await taken;
        Assert.Equal(("internal", 500), (refused.Code, refused.Status));
    }

    [Fact]
    public async Task Should_limit_the_codes_that_one_address_asks_for()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__RateLimit__CodesPerMinute"] = "3" }
        );
        var api = new ChatApi(server.Url);
        for (var i = 0; i < 3; i++)
            await api.RequestCodeAsync(TestUser.NewPhone());
        var refused = await api.RawAsync(HttpMethod.Post, "/v1/auth/code", new { phone = TestUser.NewPhone() });
        Assert.Equal((429, "rate_limited"), (refused.Status, refused.Code));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 20);
        Assert.InRange(refused.Body!.Value.GetProperty("after_ms").GetInt32(), 1, 20_000);
        Assert.True(refused.Body.Value.GetProperty("retry").GetBoolean());
    }

    /// <summary>The log is written beside the answer: it may come a moment later.</summary>
    private static async Task<string> CodeInLogAsync(ServerProcess server, string phone)
    {
        using var patience = new CancellationTokenSource(ChatClient.Patience);
        while (true)
        {
            var line = server.Log.SingleOrDefault(l =>
                l.Contains(phone, StringComparison.Ordinal) && l.Contains("code")
            );
            if (line is not null)
                return line[^6..];
            await Task.Delay(10, patience.Token);
        }
    }

    private static async Task<JsonElement> TakeAsync(HttpListener hook, int status)
    {
        var call = await hook.GetContextAsync();
        using var body = await JsonDocument.ParseAsync(call.Request.InputStream);
        call.Response.StatusCode = status;
        call.Response.Close();
        return body.RootElement.Clone();
    }
}
