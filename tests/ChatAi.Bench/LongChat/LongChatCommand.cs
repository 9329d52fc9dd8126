using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ChatAi.Bench.Delivery;
using ChatAi.Shared.Domain;
using ChatAi.Testing;

namespace ChatAi.Bench.LongChat;

/// <summary><c>long-chat</c>: what a chat of a million messages costs beside one of ten, after a restart.</summary>
public static class LongChatCommand
{
    private const int Rounds = 5;

    public static Command Create()
    {
        var messages = new Option<int>("--messages")
        {
            Description = "Messages of the long chat",
            DefaultValueFactory = _ => 1_000_000,
        };
        var write = new Option<FileInfo?>("--write") { Description = "A page whose section long-chat is replaced" };
        var command = new Command("long-chat", "Activation, memory and history of a very long chat beside a short one.")
        {
            messages,
            write,
        };
        command.SetAction((arguments, _) => RunAsync(arguments.GetValue(messages), arguments.GetValue(write)));
        return command;
    }

    private sealed record Round(double Ready, double Short, double Long, double Middle, double Send, double Grown);

    private static async Task<int> RunAsync(int messages, FileInfo? page)
    {
        await using var server = await ServerProcess.StartAsync();
        var ada = await TestUser.SignUpAsync(server.Url, "ada");
        var bob = await TestUser.SignUpAsync(server.Url, "bob");
        var chats = new List<Guid>();
        foreach (var title in new[] { "warm-up", "short", "long" })
        {
            var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], title)).Id;
            for (var i = 0; i < 10; i++)
                await ada.Api.SendAsync(chat, $"message {i}");
            chats.Add(chat);
        }
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(30));

        var journal = Path.Combine(server.DataDir, "journal.db");
        var longChat = new ChatId(chats[2]);
        LongChatJournal.Append(journal, longChat, [new UserId(ada.Id), new UserId(bob.Id)], 11, messages);
        await Console.Error.WriteLineAsync($"{messages} messages are in the journal.");
        var clock = Stopwatch.StartNew();
        await server.RunCommandAsync("rebuild");
        var rebuild = clock.Elapsed.TotalSeconds;
        await Console.Error.WriteLineAsync($"Read tables made anew in {rebuild:0.0} s.");

        await server.RestartAsync();
        // The first time everything is replayed, and a snapshot is taken; that this goes with a later request is fine.
        clock.Restart();
        while (LongChatJournal.SnapshotAt(journal, longChat) < messages)
        {
            await TouchAsync(ada, chats[2]);
            if (clock.Elapsed > TimeSpan.FromMinutes(5))
                throw new TimeoutException("No snapshot of the long chat after five minutes.");
        }
        await Console.Error.WriteLineAsync($"First activation, from all events: {clock.Elapsed.TotalSeconds:0.0} s.");

        var rounds = new List<Round>();
        for (var i = 0; i < Rounds; i++)
        {
            server.Kill9();
            rounds.Add(await MeasureAsync(server, ada, chats, messages));
        }
        Report(rounds, messages, rebuild, page);
        return 0;
    }

    private static async Task TouchAsync(TestUser user, Guid chat)
    {
        try
        {
            await user.Api.ChatAsync(chat);
        }
        catch (ChatErrorException late) when (late.Retry)
        {
            // It is still replaying.
        }
    }

    private static async Task<Round> MeasureAsync(ServerProcess server, TestUser ada, List<Guid> chats, int messages)
    {
        var clock = Stopwatch.StartNew();
        await server.RestartAsync();
        var ready = clock.Elapsed.TotalMilliseconds;
        var api = ada.Api;
        // Compiles the way and warms it up, so that what is compared is the chats.
        await api.ChatAsync(chats[0]);
        await api.MessagesAsync(chats[0]);
        await api.SendAsync(chats[0], "warm");
        var before = Rss(server.Id);
        var shortChat = await TimeAsync(() => api.ChatAsync(chats[1]));
        var longChat = await TimeAsync(() => api.ChatAsync(chats[2]));
        var grown = Rss(server.Id) - before;
        var middle = await TimeAsync(() => api.MessagesAsync(chats[2], before: messages / 2));
        var send = await TimeAsync(() => api.SendAsync(chats[2], "one more"));
        return new Round(ready, shortChat, longChat, middle, send, grown);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Rss(int process) =>
        double.Parse(
            File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) / 1024;

    private static void Report(List<Round> rounds, int messages, double rebuild, FileInfo? page)
    {
        double Median(Func<Round, double> of) => DeliveryReport.Median(rounds.Select(of));
        var table = $"""
            | after kill -9 and restart, medians of {rounds.Count} | |
            |---|---|
            | process start to ready, with {messages:N0} messages in the tables | {Median(r => r.Ready):0} ms |
            | first answer of a chat of 10 messages | {Median(r => r.Short):0.0} ms |
            | first answer of the chat of {messages:N0} messages, from its snapshot | {Median(r => r.Long):0.0} ms |
            | memory of the process grown by both | {Median(r => r.Grown):0.0} MiB |
            | a page of 50 from the middle of the long chat, by HTTP, first time | {Median(r => r.Middle):0.0} ms |
            | a message into the long chat, by HTTP, to the answer | {Median(r => r.Send):0.0} ms |

            `rebuild` made the read tables anew at {messages / rebuild:N0} events a second, process start included.
            SQLite, journal `synchronous=FULL`, read tables `NORMAL`. {Machine.Describe()}.
            """;
        Console.WriteLine(table);
        if (page is not null)
            MarkdownSection.Replace(page.FullName, "long-chat", table);
    }
}
