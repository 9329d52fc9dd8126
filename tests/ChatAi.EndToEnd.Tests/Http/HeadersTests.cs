using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class HeadersTests(HttpServer server)
{
    [Fact]
    public async Task Should_let_the_page_do_nothing_but_what_it_needs()
    {
        var page = await server.Api.RawAsync(HttpMethod.Get, "/");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentType));
        var policy = page.Headers["Content-Security-Policy"]
            .Split(';', StringSplitOptions.TrimEntries)
            .Select(directive => directive.Split(' ', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.Equal("'none'", policy["default-src"]);
        Assert.Equal("'self'", policy["script-src"]);
        Assert.Equal("'self'", policy["style-src"]);
        Assert.Equal("'none'", policy["frame-ancestors"]);
        Assert.Equal("'none'", policy["base-uri"]);
        Assert.Equal("'none'", policy["form-action"]);
        Assert.DoesNotContain("unsafe", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Contains("camera=()", page.Headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.Equal("same-origin", page.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal("no-cache", page.Headers["Cache-Control"]);
        Assert.True(page.Headers.ContainsKey("ETag"));
        Assert.False(page.Headers.ContainsKey("Server"));
    }

    [Theory]
    [InlineData("/js/app.js", "text/javascript")]
    [InlineData("/css/base.css", "text/css")]
    [InlineData("/img/icon.svg", "image/svg+xml")]
    public async Task Should_serve_what_the_page_is_made_of(string path, string type)
    {
        var file = await server.Api.RawAsync(HttpMethod.Get, path);
        Assert.Equal((200, type), (file.Status, file.ContentType));
        Assert.Equal("nosniff", file.Headers["X-Content-Type-Options"]);
    }

    [Theory]
    [InlineData("/../appsettings.json")]
    [InlineData("/%2e%2e/appsettings.json")]
    [InlineData("/..%2fakka.hocon")]
    [InlineData("/js/")]
    [InlineData("/appsettings.json")]
    public async Task Should_serve_nothing_else(string path) =>
        Assert.Equal(404, (await server.Api.RawAsync(HttpMethod.Get, path)).Status);

    [Fact]
    public async Task Should_let_no_cache_keep_answers()
    {
        var ada = await server.SignUpAsync("Ada");
        foreach (var path in new[] { "/v1/me", "/v1/nothing" })
        {
            var answer = await ada.Api.RawAsync(HttpMethod.Get, path);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers["Content-Security-Policy"]);
        }
    }

    [Fact]
    public async Task Should_describe_itself_to_machines()
    {
        var openApi = await server.Api.RawAsync(HttpMethod.Get, "/openapi/v1.json");
        Assert.Equal((200, "application/json"), (openApi.Status, openApi.ContentType));
        Assert.Equal("3.1.0", openApi.Body!.Value.GetProperty("openapi").GetString());
        using var asyncApi = await server.Api.SendRawAsync(HttpMethod.Get, "/asyncapi.yaml");
        Assert.StartsWith("asyncapi: 3.0.0", await asyncApi.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_every_described_call_with_a_problem_when_nobody_signed_in()
    {
        var openApi = (await server.Api.RawAsync(HttpMethod.Get, "/openapi/v1.json")).Body!.Value;
        foreach (var path in openApi.GetProperty("paths").EnumerateObject())
        foreach (var operation in path.Value.EnumerateObject())
        {
            var isOpen = operation.Value.GetProperty("security").GetArrayLength() == 0;
            var address = string.Join(
                '/',
                path.Name.Split('/').Select(part => part.StartsWith('{') ? $"{Guid.CreateVersion7()}" : part)
            );
            var answer = await server.Api.RawAsync(new HttpMethod(operation.Name.ToUpperInvariant()), address);
            // What is for operators is not there until a token is set.
            var expected =
                path.Name.StartsWith("/v1/admin/", StringComparison.Ordinal) ? (404, "not_found")
                : isOpen ? (400, "bad_request")
                : (401, "unauthenticated");
            // The answer to HEAD has no body to say it in.
            var code = operation.Name == "head" ? expected.Item2 : answer.Code!;
            Assert.Equal((operation.Name, path.Name, expected), (operation.Name, path.Name, (answer.Status, code)));
        }
    }
}
