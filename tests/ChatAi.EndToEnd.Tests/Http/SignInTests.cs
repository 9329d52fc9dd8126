using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class SignInTests(HttpServer server)
{
    [Fact]
    public async Task Should_make_a_user_at_the_first_success_and_know_it_at_the_next()
    {
        var phone = TestUser.NewPhone();
        var first = await SignInAsync(phone, "phone", "Ada");
        var second = await SignInAsync(phone, "laptop", "Someone else");

        Assert.Equal(first.User, second.User);
        Assert.Equal(new UserInfo(first.User!.Id, phone, "Ada"), first.User);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.True(first.ExpiresIn > 0);
        Assert.Equal(first.User, await server.Api.As(second.AccessToken).MeAsync());
    }

    [Fact]
    public async Task Should_know_a_number_however_it_is_typed()
    {
        var phone = TestUser.NewPhone();
        var first = await SignInAsync(phone, "phone", "Ada");
        var second = await SignInAsync($"{phone[..3]} (0) {phone[3..6]}/{phone[6..9]}-{phone[9..]}", "phone", null);
        Assert.Equal(first.User, second.User);
    }

    [Fact]
    public async Task Should_name_a_user_without_a_name_by_the_number()
    {
        var phone = TestUser.NewPhone();
        Assert.Equal(phone, (await SignInAsync(phone, "phone", null)).User!.DisplayName);
    }

    [Fact]
    public async Task Should_take_a_code_once()
    {
        var phone = TestUser.NewPhone();
        var code = (await server.Api.RequestCodeAsync(phone)).Code!;
        await server.Api.TokenAsync(phone, code);
        Assert.Equal("unauthenticated", await CodeOfAsync(phone, code));
    }

    [Fact]
    public async Task Should_take_a_code_once_even_when_it_comes_twice_at_once()
    {
        var phone = TestUser.NewPhone();
        var code = (await server.Api.RequestCodeAsync(phone)).Code!;
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CodeOfAsync(phone, code)));
        Assert.Equal(1, tries.Count(refusal => refusal is null));
        Assert.Equal(7, tries.Count(refusal => refusal == "unauthenticated"));
    }

    [Fact]
    public async Task Should_take_only_the_newest_code()
    {
        var phone = TestUser.NewPhone();
        var old = (await server.Api.RequestCodeAsync(phone)).Code!;
        var code = (await server.Api.RequestCodeAsync(phone)).Code!;
        if (old != code)
            Assert.Equal("unauthenticated", await CodeOfAsync(phone, old));
        Assert.Null(await CodeOfAsync(phone, code));
    }

    [Fact]
    public async Task Should_take_no_code_after_five_wrong_ones()
    {
        var phone = TestUser.NewPhone();
        var code = (await server.Api.RequestCodeAsync(phone)).Code!;
        var wrong = code == "000000" ? "000001" : "000000";
        for (var i = 0; i < 5; i++)
            Assert.Equal("unauthenticated", await CodeOfAsync(phone, wrong));
        Assert.Equal("unauthenticated", await CodeOfAsync(phone, code));
    }

    [Fact]
    public async Task Should_make_guessing_wait_however_many_codes_are_asked_for()
    {
        var phone = TestUser.NewPhone();
        var tries = 0;
        string? refusal = null;
        while (refusal != "rate_limited" && tries < 30)
        {
            if (tries % 4 == 0)
                await server.Api.RequestCodeAsync(phone);
            tries++;
            refusal = await CodeOfAsync(phone, "not it");
            // 20 wrong tries are the most that a number has in ten minutes; more codes give no more.
            if (tries == 20)
                refusal = await CodeOfAsync(phone, "not it");
        }
        Assert.Equal((20, "rate_limited"), (tries, refusal));
        var later = await RawCalls.RefusedAsync(() => server.Api.RequestCodeAsync(phone));
        Assert.Equal(("rate_limited", 429), (later.Code, later.Status));
    }

    [Fact]
    public async Task Should_keep_the_code_when_something_else_is_wrong_with_the_request()
    {
        var phone = TestUser.NewPhone();
        var code = (await server.Api.RequestCodeAsync(phone)).Code!;
        await RawCalls.RefusedAsync(() => server.Api.TokenAsync(phone, code, device: ""));
        await RawCalls.RefusedAsync(() => server.Api.TokenAsync(phone, code, displayName: new string('x', 65)));
        Assert.Null(await CodeOfAsync(phone, code));
    }

    private async Task<Tokens> SignInAsync(string phone, string device, string? name) =>
        await server.Api.TokenAsync(phone, (await server.Api.RequestCodeAsync(phone)).Code!, device, name);

    private async Task<string?> CodeOfAsync(string phone, string code)
    {
        try
        {
            await server.Api.TokenAsync(phone, code);
            return null;
        }
        catch (ChatErrorException refused)
        {
            return refused.Code;
        }
    }
}
