using ChatAi.Bench.Replay;
using ChatAi.Testing;
using ChatAi.Testing.Irc;
using Xunit.Abstractions;

namespace ChatAi.EndToEnd.Tests.Replay;

/// <summary>Real people's talk through real sockets: what the command <c>replay</c> does, on fewer lines.</summary>
public sealed class ReplayTests(ITestOutputHelper output)
{
    private const int Lines = 150;

    [SkippableFact]
    public async Task Should_show_every_speaker_every_line_once_in_order_and_summarize_with_cited_lines()
    {
        var script = Script();
        await using var server = await ServerProcess.StartAsync();
        await using var cast = await ReplayCast.ConnectAsync(
            server.Url,
            script.Select(line => line.Speaker).Distinct()
        );

        var outcome = await new ReplaySession(cast).InAGroupAsync(script, "real talk");

        Assert.Empty(outcome.Problems);
        Assert.Equal(Lines, outcome.Said.Count);
        Assert.True(cast.Names.Count > 10, "Many speakers, or this shows little.");

        var asker = cast.Client(script[0].Speaker);
        var answer = await SummaryRequest.AskAsync(asker, outcome.Said[0].Chat);
        output.WriteLine(SummaryRequest.Describe(answer, outcome.Said));

        Assert.Empty(answer.Problems);
        var seqs = outcome.Said.Select(line => line.Seq).ToHashSet();
        Assert.NotEmpty(answer.Cites);
        Assert.All(answer.Cites, cite => Assert.Contains(cite, seqs));
    }

    [SkippableFact]
    public async Task Should_keep_the_talk_of_each_pair_in_a_chat_of_its_own()
    {
        var script = ReplayScript.Pairwise(Script());
        await using var server = await ServerProcess.StartAsync();
        await using var cast = await ReplayCast.ConnectAsync(
            server.Url,
            script.SelectMany(line => (string[])[line.Speaker, line.To!]).Distinct()
        );

        var outcome = await new ReplaySession(cast).PairwiseAsync(script);

        Assert.Empty(outcome.Problems);
        Assert.Equal(script.Count, outcome.Said.Count);
        var pairs = script
            .Select(line => (string[])[line.Speaker, line.To!])
            .Select(pair => string.Join(' ', pair.Order()));
        Assert.Equal(pairs.Distinct().Count(), outcome.Said.Select(line => line.Chat).Distinct().Count());
    }

    private static IReadOnlyList<ReplayLine> Script()
    {
        var folder = IrcData.FindFolder();
        Skip.If(folder is null, "No shared/data/irc beside the repository: the real logs are not part of it.");
        var files = IrcData.RawFiles(folder!);
        return ReplayScript.Of(IrcData.Read(files[0]), Lines);
    }
}
