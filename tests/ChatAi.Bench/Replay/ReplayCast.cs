using ChatAi.Testing;

namespace ChatAi.Bench.Replay;

/// <summary>The speakers of a log as users of the service: each with an account and a socket of their own.</summary>
public sealed class ReplayCast : IAsyncDisposable
{
    private readonly Dictionary<string, (TestUser User, ChatClient Client)> _speakers = [];

    public IReadOnlyCollection<string> Names => _speakers.Keys;

    public static async Task<ReplayCast> ConnectAsync(Uri server, IEnumerable<string> nicks)
    {
        var cast = new ReplayCast();
        foreach (var nick in nicks)
        {
            var user = await PatientlyAsync(() => TestUser.SignUpAsync(server, nick));
            cast._speakers[nick] = (user, await PatientlyAsync(() => user.ConnectAsync()));
        }

        return cast;
    }

    public Guid User(string nick) => _speakers[nick].User.Id;

    public ChatClient Client(string nick) => _speakers[nick].Client;

    public string NickOf(Guid user) =>
        _speakers.FirstOrDefault(speaker => speaker.Value.User.Id == user).Key ?? $"{user}";

    /// <summary>A refusal that says "later" is obeyed, as any client must: a default server limits one address.</summary>
    public static async Task<T> PatientlyAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ChatErrorException later) when (later.Retry)
            {
                var wait = TimeSpan.FromMilliseconds(later.AfterMs ?? 500);
                await Console.Error.WriteLineAsync(
                    $"The server asks to wait {wait.TotalSeconds:0.0} s: {later.Message}"
                );
                await Task.Delay(wait);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, client) in _speakers.Values)
        {
            await client.DisposeAsync();
        }
    }
}
