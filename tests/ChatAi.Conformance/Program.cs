using System.CommandLine;
using ChatAi.Conformance;

var client = new Option<string?>("--client")
{
    Description = "Command line of the client under test; without it ChatAi.Client.",
};
var seed = new Option<int>("--seed")
{
    Description = "The schedule to play.",
    DefaultValueFactory = _ => Random.Shared.Next(),
};
var seconds = new Option<int>("--seconds") { Description = "How long to be hostile.", DefaultValueFactory = _ => 60 };
var kills = new Option<bool>("--kills") { Description = "Kill and drain the server too." };
var verbose = new Option<bool>("--verbose") { Description = "Print what was done." };
var command = new RootCommand(
    "Plays a hostile network against a client and reports what it lost, doubled or misplaced."
)
{
    client,
    seed,
    seconds,
    kills,
    verbose,
};
command.SetAction(
    async (parsed, _) =>
    {
        var plan = new ConformancePlan(
            parsed.GetValue(client) ?? Agents.Own("agent"),
            parsed.GetValue(seed),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(kills),
            TimeSpan.FromSeconds(12)
        );
        Console.WriteLine($"seed {plan.Seed}, {plan.Duration.TotalSeconds} s, {plan.Client}");
        return Report.Print(await ConformanceRun.RunAsync(plan), parsed.GetValue(verbose));
    }
);
foreach (var (name, run) in Agents.All)
{
    var url = new Argument<string>("url");
    var phone = new Argument<string>("phone");
    var code = new Argument<string>("code");
    var agent = new Command(name, "A client that the kit can drive.") { url, phone, code };
    agent.SetAction(
        (parsed, _) => run(new Uri(parsed.GetValue(url)!), parsed.GetValue(phone)!, parsed.GetValue(code)!)
    );
    command.Subcommands.Add(agent);
}

return await command.Parse(args).InvokeAsync();
