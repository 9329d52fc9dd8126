using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChatAi.Bench.Delivery;
using ChatAi.Testing;

namespace ChatAi.Bench.AiLoad;

internal sealed record AiLoadPlan(string Model, int Users, double Rate, double Seconds, int Rounds, int Sequences);

/// <summary>What the assistant costs people, and how soon it speaks and stops, with one server and one model in one run.</summary>
internal sealed class AiLoadBenchmark(AiLoadPlan plan)
{
    private const int QueueLength = 8;
    private const int ContextLines = 40;
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(2);

    public async Task<string> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Auth__AccessTokenSeconds"] = "86400",
                ["ChatAi__Ai__Provider"] = "llama",
                ["ChatAi__Ai__ModelPath"] = plan.Model,
                ["ChatAi__Ai__Sequences"] = $"{plan.Sequences}",
                ["ChatAi__Ai__QueueLength"] = $"{QueueLength}",
                ["ChatAi__Ai__Quota__RunsPerUserPerHour"] = "0",
                ["ChatAi__Ai__Quota__RunsPerChatPerHour"] = "0",
            }
        );
        if (server.Log.Any(line => line.Contains("cannot be used", StringComparison.Ordinal)))
            throw new InvalidOperationException(string.Join('\n', server.Log));
        var (cold, warm) = await FirstWordsAsync(server.Url);
        var (cancelled, free) = await CancelAsync(server.Url);
        var (idle, busy, answers, refusals) = await DeliveryAsync(server);
        return Report(cold, warm, cancelled, free, idle, busy, answers, refusals);
    }

    private async Task<(List<RunResult> Idle, List<RunResult> Busy, int Answers, int Refusals)> DeliveryAsync(
        ServerProcess server
    )
    {
        var logins = new List<Login>();
        for (var i = 0; i < plan.Users; i++)
        {
            var user = await TestUser.SignUpAsync(server.Url, $"load {i}");
            logins.Add(new Login(user.Id, user.Tokens.AccessToken));
        }

        await using var fleet = await LoadFleet.ConnectAsync(server.Url, logins);
        await using var askers = await Askers.ConnectAsync(server.Url, plan.Sequences + QueueLength + 4, ContextLines);
        await LoadAsync("warm-up", 20);
        var (idle, busy) = (new List<RunResult>(), new List<RunResult>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            idle.Add(await LoadAsync("idle", plan.Seconds));
            askers.Start();
            // Until every sequence works and the queue is full.
            await Task.Delay(3_000);
            busy.Add(await LoadAsync("busy", plan.Seconds));
            await askers.StopAsync();
        }

        return (idle, busy, askers.Answers, askers.Refusals);

        async Task<RunResult> LoadAsync(string name, double seconds)
        {
            var run = await LoadRun.RunAsync(fleet, () => ProcessCpu.OfTree(server.Id), plan.Rate, seconds, 100);
            await Console.Error.WriteLineAsync(
                $"{name, -8} p50 {run.Delivery.P50:0.00}  p99 {run.Delivery.P99:0.00} ms  {run.Verdict}"
            );
            return run.Void ? throw new InvalidOperationException(run.Verdict) : run;
        }
    }

    /// <summary>From the question to the first words: in a chat that was never asked in, and again in the same one.</summary>
    private static async Task<(List<double> Cold, List<double> Warm)> FirstWordsAsync(Uri server)
    {
        var (cold, warm) = (new List<double>(), new List<double>());
        for (var i = 0; i < 7; i++)
        {
            var (socket, chat) = await Talk.BeginAsync(server, 100 + i, ContextLines);
            await using (socket)
            {
                var first = await FirstWordAsync(socket, chat, "When does boat number 3 come in?");
                var second = await FirstWordAsync(socket, chat, "What does boat number 5 bring?");
                // The first chat also warms the server up.
                if (i == 0)
                    continue;
                cold.Add(first);
                warm.Add(second);
            }
        }

        return (cold, warm);
    }

    private static async Task<double> FirstWordAsync(ChatClient socket, Guid chat, string question)
    {
        var clock = Stopwatch.StartNew();
        var asked = await socket.AskAiAsync(chat, "reply", question, isPrivate: true);
        await socket.WaitForAsync(e => e.Ev is "ai.delta" or "ai.ended" && e.Run == asked.Run, LongEnough);
        var taken = clock.Elapsed.TotalMilliseconds;
        await socket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == asked.Run, LongEnough);
        return taken;
    }

    /// <summary>From <c>ai.cancel</c> to the run's end, and to the next run's start on the only place that was busy.</summary>
    private static async Task<(List<double> Cancelled, List<double> Free)> CancelAsync(Uri server)
    {
        var (cancelled, free) = (new List<double>(), new List<double>());
        for (var i = 0; i < 10; i++)
        {
            var (socket, chat) = await Talk.BeginAsync(server, 200 + i, ContextLines);
            await using (socket)
            {
                var asked = await socket.AskAiAsync(chat, "reply", "Tell everything about all boats.", isPrivate: true);
                await socket.WaitForAsync(e => e.Ev == "ai.started" && e.Run == asked.Run, LongEnough);
                // In the middle of reading the prompt for some, of writing for others.
                await Task.Delay(i * 150);
                var clock = Stopwatch.StartNew();
                try
                {
                    await socket.RequestAsync("ai.cancel", new { run = asked.Run });
                }
                catch (ChatErrorException)
                {
                    continue; // It had ended already.
                }

                await socket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == asked.Run, LongEnough);
                cancelled.Add(clock.Elapsed.TotalMilliseconds);
                var next = await socket.AskAiAsync(chat, "reply", "Hello?", isPrivate: true);
                await socket.WaitForAsync(e => e.Ev == "ai.started" && e.Run == next.Run, LongEnough);
                free.Add(clock.Elapsed.TotalMilliseconds);
                await socket.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == next.Run, LongEnough);
            }
        }

        return (cancelled, free);
    }

    private string Report(
        List<double> cold,
        List<double> warm,
        List<double> cancelled,
        List<double> free,
        List<RunResult> idle,
        List<RunResult> busy,
        int answers,
        int refusals
    )
    {
        var text = new StringBuilder();
        var none = CultureInfo.InvariantCulture;
        text.AppendLine(
            none,
            $"{Path.GetFileName(plan.Model)}, {plan.Sequences} sequences, one thread; SQLite `synchronous=FULL`; {plan.Users} users in pairs, {plan.Rate:0} messages a second, {plan.Rounds} rounds of {plan.Seconds:0} s in turn, medians. Saturated: all sequences at work and the queue of {QueueLength} full ({answers} answers, {refusals} refused or failed meanwhile)."
        );
        text.AppendLine();
        text.AppendLine("| what | assistant idle | assistant saturated | ratio | aim |");
        text.AppendLine("|---|---|---|---|---|");
        Row("delivery p50, ms", r => r.Delivery.P50, "");
        Row("delivery p99, ms", r => r.Delivery.P99, "≤ 1.25 (P4)");
        Row("acknowledgement p99, ms", r => r.Answer.P99, "");
        text.AppendLine();
        text.AppendLine("| what | median | longest | aim |");
        text.AppendLine("|---|---|---|---|");
        Times($"first words, {ContextLines} messages of context, cold, ms", cold, "");
        Times(
            "the same, next question in the chat, ms",
            warm,
            $"{Median(warm) / Median(cold):0.00} × cold; ≤ 0.15 with 2,000 tokens (P15)"
        );
        Times($"`ai.cancel` to the run's end ({cancelled.Count} runs), ms", cancelled, "");
        Times("`ai.cancel` to the next run's start, ms", free, "≤ 1,000 (P16)");
        text.AppendLine();
        text.AppendLine(none, $"Machine: {Machine.Describe()}.");
        return text.ToString();

        void Row(string what, Func<RunResult, double> of, string aim)
        {
            var (a, b) = (Median(idle.Select(of)), Median(busy.Select(of)));
            text.AppendLine(none, $"| {what} | {a:0.00} | {b:0.00} | {b / a:0.00} | {aim} |");
        }

        void Times(string what, List<double> times, string aim) =>
            text.AppendLine(none, $"| {what} | {Median(times):0} | {times.Max():0} | {aim} |");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
