using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class UsersTests(HttpServer server)
{
    [Fact]
    public async Task Should_rename_oneself()
    {
        var ada = await server.SignUpAsync("Ada");
        var renamed = await ada.Api.RenameAsync("  Ada Lovelace 😀 ");
        Assert.Equal(new UserInfo(ada.Id, ada.Phone, "Ada Lovelace 😀"), renamed);
        Assert.Equal(renamed, await ada.Api.MeAsync());
    }

    [Theory]
    [InlineData("", "bad_request")]
    [InlineData("   ", "bad_request")]
    [InlineData("a\nb", "bad_request")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "too_large")]
    public async Task Should_refuse_a_name_that_cannot_be_shown(string name, string code)
    {
        var ada = await server.SignUpAsync("Ada");
        Assert.Equal(code, (await RawCalls.RefusedAsync(() => ada.Api.RenameAsync(name))).Code);
        Assert.Equal("Ada", (await ada.Api.MeAsync()).DisplayName);
    }

    [Fact]
    public async Task Should_find_a_person_by_number_without_telling_the_number()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var shown = new UserInfo(bob.Id, null, "Bob");
        Assert.Equal(shown, await ada.Api.LookupAsync(bob.Phone));
        Assert.Equal(shown, await ada.Api.LookupAsync($"{bob.Phone[..3]} {bob.Phone[3..]}"));
        Assert.Equal(shown, await ada.Api.CallAsync<UserInfo>(HttpMethod.Get, $"/v1/users/lookup?phone={bob.Phone}"));
        Assert.Equal(shown, await ada.Api.UserAsync(bob.Id));
        Assert.Equal(bob.Phone, (await bob.Api.UserAsync(bob.Id)).PhoneNumber);
    }

    [Fact]
    public async Task Should_not_find_who_is_not_there()
    {
        var ada = await server.SignUpAsync("Ada");
        foreach (
            var call in new Func<Task>[]
            {
                () => ada.Api.LookupAsync(TestUser.NewPhone()),
                () => ada.Api.UserAsync(Guid.CreateVersion7()),
                () => ada.Api.UserAsync(Guid.Empty),
            }
        )
        {
            var refused = await RawCalls.RefusedAsync(call);
            Assert.Equal(("not_found", 404), (refused.Code, refused.Status));
        }
    }

    [Fact]
    public async Task Should_know_the_assistant()
    {
        var ada = await server.SignUpAsync("Ada");
        Assert.Equal(new UserInfo(Wire.Assistant, null, "AI"), await ada.Api.UserAsync(Wire.Assistant));
    }

    [Fact]
    public async Task Should_limit_looking_up_numbers()
    {
        await using var strict = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__RateLimit__LookupsPerMinute"] = "2" }
        );
        var ada = await TestUser.SignUpAsync(strict.Url, "Ada");
        var bob = await TestUser.SignUpAsync(strict.Url, "Bob");
        await ada.Api.LookupAsync(bob.Phone);
        await ada.Api.LookupAsync(bob.Phone);
        var refused = await RawCalls.RefusedAsync(() => ada.Api.LookupAsync(bob.Phone));
        Assert.Equal(("rate_limited", 429), (refused.Code, refused.Status));
        Assert.Equal(ada.Id, (await bob.Api.LookupAsync(ada.Phone)).Id);
    }
}
