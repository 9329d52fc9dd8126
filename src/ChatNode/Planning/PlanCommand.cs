using System.Globalization;

namespace ChatAi.ChatNode.Planning;

/// <summary><c>ChatNode plan</c>: prints what a number of users takes; nothing is started or read.</summary>
public static class PlanCommand
{
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        if (words is ["--help" or "-h"])
        {
            output.Write(Help());
            return 0;
        }
        try
        {
            var question = PlanQuestion.Parse(words);
            output.Write(PlanReport.Text(question, CapacityPlan.For(question)));
            return 0;
        }
        catch (FormatException wrong)
        {
            error.WriteLine($"{wrong.Message} ChatNode plan --help tells the words.");
            return 2;
        }
    }

    private static string Help()
    {
        var defaults = new PlanQuestion();
        var options = PlanOption.All.Select(o =>
            string.Create(CultureInfo.InvariantCulture, $"  {o.Name, -28} {o.What} ({o.Get(defaults):0.######})")
        );
        return $"Usage: ChatNode plan [--word number]…\n\n{string.Join('\n', options)}\n\nWhat it rests on:\n\n{PlanReport.Costs()}";
    }
}
