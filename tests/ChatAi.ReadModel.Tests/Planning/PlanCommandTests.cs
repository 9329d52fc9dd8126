using System.Globalization;
using System.Text.RegularExpressions;
using ChatAi.ChatNode.Planning;
using ChatAi.Testing;

namespace ChatAi.ReadModel.Tests.Planning;

public sealed partial class PlanCommandTests
{
    [GeneratedRegex(@"```text\n\$ ChatNode plan (?<words>[^\n]*)\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| (?<what>[^|]+) \| (?<value>[0-9.,]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [Fact]
    public void Should_print_what_the_examples_of_the_docs_show()
    {
        var examples = Example().Matches(Doc("scale.md"));
        Assert.InRange(examples.Count, 3, 20);
        Assert.All(
            examples,
            example =>
                Assert.Equal(example.Groups["output"].Value, Run(example.Groups["words"].Value.Split(' ')).Output)
        );
    }

    [Theory]
    [InlineData("--people 3", "--people is not known.")]
    [InlineData("--users", "--users lacks its value.")]
    [InlineData("--users many", "--users takes a number from 1 to")]
    [InlineData("--mention-share 2", "--mention-share takes a number from 0 to")]
    [InlineData("--users NaN", "--users takes a number from 1 to")]
    public void Should_say_what_is_wrong(string words, string says)
    {
        var (exit, output, error) = Run(words.Split(' '));
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_take_both_ways_of_writing() =>
        Assert.Equal(Run(["--users", "5000"]).Output, Run(["--users=5e3"]).Output);

    [Fact]
    public void Should_tell_its_words_and_what_it_rests_on()
    {
        var help = Run(["--help"]).Output;
        Assert.All(PlanOption.All, option => Assert.Contains(option.Name, help, StringComparison.Ordinal));
        Assert.All(MeasuredCosts.All, cost => Assert.Contains(cost.Source, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(999, "999")]
    [InlineData(9_999, "9,999")]
    [InlineData(12_345, "12.3k")]
    [InlineData(0.001, "< 0.01")]
    public void Should_write_numbers_for_people(double value, string text) =>
        Assert.Equal(text, PlanReport.Number(value));

    [Theory]
    [InlineData(999.6, "1 kB")]
    [InlineData(1.5e12, "1.5 TB")]
    [InlineData(8.2e15, "8.2 PB")]
    public void Should_write_bytes_with_a_prefix(double value, string text) =>
        Assert.Equal(text, PlanReport.Bytes(value));

    [Fact]
    public void Should_rest_on_what_was_measured()
    {
        var measured = Row()
            .Matches(Section(Doc("benchmarks.md"), "capacity"))
            .ToDictionary(
                row => row.Groups["what"].Value,
                row => double.Parse(row.Groups["value"].Value, NumberStyles.Number, CultureInfo.InvariantCulture)
            );
        Near(MeasuredCosts.NodeCpu, measured["CPU of a node, s per 1,000 messages"] / 1_000);
        Near(MeasuredCosts.DatabaseCpu, measured["CPU of PostgreSQL, s per 1,000 messages"] / 1_000);
        Near(MeasuredCosts.ConnectedUserBytes, measured["memory of a node, a connected user with their chat, bytes"]);
        Near(
            MeasuredCosts.JournalBytes,
            measured["journal, bytes a message"] + measured["journal's indexes, bytes a message"]
        );
        Near(
            MeasuredCosts.ReadBytes,
            measured["read tables, bytes a message"]
                + measured["read tables' indexes, bytes a message"]
                + measured["all other tables, bytes a message"]
        );
        Near(MeasuredCosts.WalBytes, measured["write-ahead log, bytes a message"]);
        Near(MeasuredCosts.PlainRunCpu, measured["CPU of a run without a model, s"]);
    }

    // What is measured anew may fall a good deal, on a quieter machine or a better day; it must not exceed the plan's.
    private static void Near(Cost cost, double measured) => Assert.InRange(measured, cost.Value / 8, cost.Value * 1.1);

    private static (int Exit, string Output, string Error) Run(string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        return (PlanCommand.Run(words, output, error), $"{output}", $"{error}");
    }

    private static string Doc(string name) => File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", name));

    private static string Section(string page, string name)
    {
        var from = page.IndexOf($"<!-- {name}: begin -->", StringComparison.Ordinal);
        var to = page.IndexOf($"<!-- {name}: end -->", StringComparison.Ordinal);
        Assert.True(from >= 0 && to > from, $"docs/benchmarks.md has no section {name}.");
        return page[from..to];
    }
}
