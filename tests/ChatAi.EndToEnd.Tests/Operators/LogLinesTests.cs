using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Operators;

/// <summary>Every line of the log is one JSON object, from start to end, and holds nothing of what people say or are.</summary>
public sealed class LogLinesTests
{
    private const string Secret = "planted-secret-qz77";

    [Fact]
    public async Task Should_write_json_without_words_numbers_or_tokens()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Logging__Format"] = "json",
                ["ChatAi__Admin__Token"] = OperatorServer.Token,
                ["Logging__LogLevel__Default"] = "Information",
                ["Logging__LogLevel__Microsoft"] = "Information",
                ["Logging__LogLevel__Akka"] = "Information",
            }
        );
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        var bob = await TestUser.SignUpAsync(server.Url, "Bob");
        await using var socket = await ann.ConnectAsync();
        var chat = (await socket.SendToAsync(bob.Id, $"{Secret} @AI")).Chat;
        await socket.WaitForAsync(e => e.Ev == "ai.ended");
        await ann.Api.LookupAsync(bob.Phone);
        await ann.Api.SendAsync(chat, Secret);
        await ann.Api.RawAsync(
            HttpMethod.Post,
            $"/v1/chats/{chat}/messages",
            RawCalls.Text($$"""{"text":"{{Secret}}""")
        );
        await new ChatApi(server.Url, Secret).RawAsync(HttpMethod.Get, "/v1/admin/cluster");
        await new ChatApi(server.Url, OperatorServer.Token).CallAsync(HttpMethod.Post, "/v1/admin/summaries/sweep");
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(30));

        var lines = server.Log;
        foreach (var line in lines)
        {
            var json = JsonDocument.Parse(line).RootElement;
            Assert.Equal(JsonValueKind.Object, json.ValueKind);
            foreach (var field in new[] { "time", "level", "node", "category", "message" })
                Assert.Equal(JsonValueKind.String, json.GetProperty(field).ValueKind);
        }
        // What would have told them is there.
        Assert.Contains(lines, line => line.Contains("/v1/users/lookup", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("summaries.sweep", StringComparison.Ordinal));
        var all = string.Join('\n', lines);
        string[] secrets =
        [
            Secret,
            ann.Phone,
            Uri.EscapeDataString(bob.Phone),
            ann.Phone[1..],
            bob.Phone[1..],
            ann.Tokens.AccessToken,
            ann.Tokens.RefreshToken,
            OperatorServer.Token,
        ];
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }
}
