using ChatAi.ChatNode.Accounts;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>Other people. Looking numbers up is limited, so that nobody can try out a country's numbers.</summary>
public static class UsersApi
{
    public static void MapUsers(this RouteGroupBuilder v1)
    {
        v1.MapGet("/users/lookup", LookUpAsync);
        v1.MapGet("/users/{user}", GetAsync);
    }

    private static async Task<IResult> LookUpAsync(HttpContext http, AccountOperations accounts, LookupLimit limit)
    {
        var parameters = new Parameters(http);
        var phone = parameters.Text("phone");
        if (parameters.Error is { } error)
            return new Problem(error);
        var caller = http.Caller().User;
        if (limit.Check(caller) is { } refused)
            return new Problem(refused);
        // In a query an unescaped plus sign arrives as a blank.
        if (phone.StartsWith(' '))
            phone = string.Concat("+", phone.AsSpan(1));
        var person = await accounts.LookUpAsync(phone, caller, http.RequestAborted);
        return person.Answer(AccountJson.WritePerson);
    }

    private static async Task<IResult> GetAsync(HttpContext http, AccountOperations accounts)
    {
        var parameters = new Parameters(http);
        var user = parameters.User();
        if (parameters.Error is { } error)
            return new Problem(error);
        var person = await accounts.PersonAsync(user, http.Caller().User, http.RequestAborted);
        return person.Answer(AccountJson.WritePerson);
    }
}

/// <summary><c>ChatAi:RateLimit:LookupsPerMinute</c>, by user.</summary>
public sealed class LookupLimit(RateBuckets<UserId> buckets)
{
    public Rejection? Check(UserId user) => buckets.Check(user, "You looked up too many numbers.");
}
