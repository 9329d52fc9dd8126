using ChatAi.Testing.Irc;

namespace ChatAi.Domain.Tests.Ai;

public class IrcLogTests
{
    private const string Sample =
        "[23:58] <ann> hi: all <b>\n"
        + "=== bob has joined #x\n"
        + "[23:59]  * bob waves at ann\n"
        + "[23:58] <ann>  two spaces\n"
        + "[00:01] <bob> \n"
        + "\n"
        + "[00:02] <[x]|y> odd nick\r\n";

    [Fact]
    public void Should_read_messages_actions_and_system_lines_under_their_line_numbers()
    {
        var lines = IrcLog.Parse(Sample, new DateOnly(2004, 11, 15));
        var day = new DateTimeOffset(2004, 11, 15, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            [
                new IrcLine(0, IrcLineKind.Message, day.AddMinutes(1438), "ann", "hi: all <b>"),
                new IrcLine(1, IrcLineKind.System, day.AddMinutes(1438), "", "bob has joined #x"),
                new IrcLine(2, IrcLineKind.Action, day.AddMinutes(1439), "bob", "waves at ann"),
                new IrcLine(3, IrcLineKind.Message, day.AddMinutes(1439), "ann", " two spaces"),
                new IrcLine(4, IrcLineKind.Message, day.AddMinutes(1441), "bob", ""),
                new IrcLine(5, IrcLineKind.System, day.AddMinutes(1441), "", ""),
                new IrcLine(6, IrcLineKind.Message, day.AddMinutes(1442), "[x]|y", "odd nick"),
            ],
            lines
        );
    }

    [Fact]
    public void Should_read_date_and_annotations()
    {
        Assert.Equal(new DateOnly(2016, 12, 19), IrcLog.DateOf("/a/2016-12-19_20.raw.txt"));
        Assert.Equal(
            [(1002, 1003), (1010, 1010), (3, 7)],
            IrcLog.ParseAnnotations("1002 1003 -\n1010 1010 -\n7 3 -\n\n")
        );
    }

    [SkippableFact]
    public void Should_read_every_real_log_whole()
    {
        var folder = IrcData.FindFolder();
        Skip.If(folder is null, "no shared/data/irc at or above the repository");
        foreach (var file in IrcData.RawFiles(folder!))
        {
            var lines = IrcData.Read(file);
            Assert.Equal(File.ReadLines(file).Count(), lines.Count);
            Assert.Equal(lines.OrderBy(l => l.At).ThenBy(l => l.Number), lines);
            Assert.All(lines, l => Assert.Equal(l.Kind == IrcLineKind.System, l.Nick.Length == 0));
            Assert.All(
                lines.Where(l => l.Kind == IrcLineKind.System),
                l => Assert.StartsWith("=== ", File.ReadLines(file).ElementAt(l.Number), StringComparison.Ordinal)
            );
            Assert.All(IrcData.ReadAnnotations(file), a => Assert.InRange(a.To, 0, lines.Count - 1));
        }
    }
}
