using ChatAi.Testing;

namespace ChatAi.Bench.AiLoad;

/// <summary>People who ask the assistant again as soon as it has answered, so that every sequence works and the queue is full.</summary>
internal sealed class Askers : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);

    private readonly List<Asker> _askers;

    private Askers(List<Asker> askers) => _askers = askers;

    public int Answers => _askers.Sum(a => a.Answers);
    public int Refusals => _askers.Sum(a => a.Refusals);

    public static async Task<Askers> ConnectAsync(Uri server, int count, int lines)
    {
        var askers = new List<Asker>();
        for (var i = 0; i < count; i++)
            askers.Add(await Asker.ConnectAsync(server, i, lines));
        return new Askers(askers);
    }

    public void Start() => _askers.ForEach(a => a.Start());

    /// <summary>Everyone cancels what is open and asks no more.</summary>
    public Task StopAsync() => Task.WhenAll(_askers.Select(a => a.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var asker in _askers)
            await asker.DisposeAsync();
    }

    private sealed class Asker(ChatClient socket, Guid chat) : IAsyncDisposable
    {
        private volatile bool _stop;
        private Task _asking = Task.CompletedTask;

        public int Answers { get; private set; }
        public int Refusals { get; private set; }

        public static async Task<Asker> ConnectAsync(Uri server, int number, int lines)
        {
            var (socket, chat) = await Talk.BeginAsync(server, number, lines);
            return new Asker(socket, chat);
        }

        public void Start()
        {
            _stop = false;
            _asking = AskAsync();
        }

        public async Task StopAsync()
        {
            _stop = true;
            await _asking;
        }

        private async Task AskAsync()
        {
            for (var turn = 0; !_stop; turn++)
            {
                var asked = await socket.AskAiAsync(
                    chat,
                    "reply",
                    $"What was said of boat number {turn}?",
                    isPrivate: true
                );
                var ended = socket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == asked.Run, LongEnough);
                while (!ended.IsCompleted && !_stop)
                    await Task.WhenAny(ended, Task.Delay(50));
                if (_stop && !ended.IsCompleted)
                {
                    try
                    {
                        await socket.RequestAsync("ai.cancel", new { run = asked.Run });
                    }
                    catch (ChatErrorException)
                    {
                        // It has ended meanwhile.
                    }
                }

                if ((await ended).Field("status")!.Value.GetString() == "done")
                    Answers++;
                else if (!_stop)
                {
                    Refusals++;
                    await Task.Delay(250);
                }
            }
        }

        public ValueTask DisposeAsync() => socket.DisposeAsync();
    }
}

/// <summary>A chat with something to answer from.</summary>
internal static class Talk
{
    public static async Task<(ChatClient Socket, Guid Chat)> BeginAsync(Uri server, int number, int lines)
    {
        var user = await TestUser.SignUpAsync(server, $"Asker {number}");
        var other = await TestUser.SignUpAsync(server, $"Other {number}");
        var socket = await user.ConnectAsync();
        var chat = (await socket.CreateChatAsync("group", [other.Id], $"Harbour {number}")).Id;
        for (var i = 0; i < lines; i++)
            await socket.SendAsync(
                chat,
                $"Boat number {i} of harbour {number} comes in at {i % 24}:{number % 60:00} with fish and news."
            );
        return (socket, chat);
    }
}
