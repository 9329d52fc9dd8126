using System.CommandLine;
using System.Diagnostics;
using ChatAi.Bench.Sockets;
using ChatAi.Testing;
using ChatAi.Testing.Irc;

namespace ChatAi.Bench.Replay;

/// <summary><c>replay</c>: real people's talk through real sockets, then a summary of it.</summary>
public static class ReplayCommand
{
    public static Command Create()
    {
        var url = UrlOption.Create("--url", "The server", "http://localhost:5080");
        var start = new Option<bool>("--start") { Description = "Start a server of its own for this replay instead" };
        var log = new Option<FileInfo?>("--log")
        {
            Description = "An IRC log; otherwise the first of ../shared/data/irc",
        };
        var lines = new Option<int>("--lines") { Description = "Lines to say", DefaultValueFactory = _ => 200 };
        var pairwise = new Option<bool>("--pairwise")
        {
            Description = "1:1 chats between those who address each other instead of one group",
        };
        var command = new Command("replay", "Replays a real log, one client a speaker, and asks for a summary.")
        {
            url,
            start,
            log,
            lines,
            pairwise,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                if (LogFile(arguments.GetValue(log)) is not { } file)
                {
                    await Console.Error.WriteLineAsync(
                        "No log: name one with --log, or put some into ../shared/data/irc."
                    );
                    return 2;
                }

                await using var server = arguments.GetValue(start) ? await ServerProcess.StartAsync() : null;
                var script = ReplayScript.Of(IrcData.Read(file), arguments.GetValue(lines));
                var address = server?.Url ?? arguments.GetValue(url)!;
                return await RunAsync(address, Path.GetFileName(file), script, arguments.GetValue(pairwise));
            }
        );
        return command;
    }

    private static string? LogFile(FileInfo? named)
    {
        if (named is not null)
        {
            return named.FullName;
        }

        return IrcData.FindFolder() is { } folder && IrcData.RawFiles(folder) is [var first, ..] ? first : null;
    }

    private static async Task<int> RunAsync(Uri server, string name, IReadOnlyList<ReplayLine> script, bool pairwise)
    {
        var lines = pairwise ? ReplayScript.Pairwise(script) : script;
        var nicks = lines
            .SelectMany(line => (string?[])[line.Speaker, pairwise ? line.To : null])
            .OfType<string>()
            .Distinct();
        await using var cast = await ReplayCast.ConnectAsync(server, nicks);
        Console.WriteLine($"{cast.Names.Count} speakers of {name} are connected to {server}.");

        var clock = Stopwatch.StartNew();
        var session = new ReplaySession(cast);
        var outcome = pairwise ? await session.PairwiseAsync(lines) : await session.InAGroupAsync(lines, name);
        var chats = outcome.Said.GroupBy(line => line.Chat).OrderByDescending(chat => chat.Count()).ToList();
        Console.WriteLine(
            $"{outcome.Said.Count} lines in {chats.Count} {(chats.Count == 1 ? "chat" : "chats")} were said and checked in {clock.Elapsed.TotalSeconds:0.0} s; "
                + (outcome.Problems.Count == 0 ? "every client saw every line once and in order" : "there are problems")
                + $" ({outcome.Repeats} repeats on the wire)."
        );

        var busiest = chats[0].ToList();
        var answer = await SummaryRequest.AskAsync(cast.Client(busiest[0].Line.Speaker), busiest[0].Chat);
        Console.WriteLine(SummaryRequest.Describe(answer, busiest));
        var problems = outcome.Problems.Concat(answer.Problems).ToList();
        problems.ForEach(Console.Error.WriteLine);
        return problems.Count == 0 ? 0 : 1;
    }
}
