namespace ChatAi.Testing;

/// <summary>A person who has signed in: everything a test needs to act as them.</summary>
public sealed record TestUser(Guid Id, string Phone, string Name, Tokens Tokens, Uri Server)
{
    private static int _next = Random.Shared.Next(90_000_000);

    public ChatApi Api => new(Server, Tokens.AccessToken);

    /// <summary>A number that is valid and that no other user of this process has.</summary>
    public static string NewPhone() => $"+49151{Interlocked.Increment(ref _next):D8}";

    /// <summary>Signs up a new user: asks for a code, which the server must reveal, and redeems it.</summary>
    public static async Task<TestUser> SignUpAsync(
        Uri server,
        string name,
        string? phone = null,
        string device = "test"
    )
    {
        var number = phone ?? NewPhone();
        var api = new ChatApi(server);
        var code =
            (await api.RequestCodeAsync(number)).Code
            ?? throw new InvalidOperationException("The server does not reveal codes: set ChatAi__Auth__RevealCodes.");
        var tokens = await api.TokenAsync(number, code, device, name);
        return new TestUser(tokens.User!.Id, number, name, tokens, server);
    }

    /// <summary>A socket that has said hello as this user.</summary>
    public async Task<ChatClient> ConnectAsync(ChatClientOptions? options = null)
    {
        var client = await ChatClient.ConnectAsync(Server, options);
        await client.HelloAsync(Tokens.AccessToken);
        return client;
    }
}
