using System.Text.RegularExpressions;
using ChatAi.Testing;
using static ChatAi.Containers.Tests.Files.DockerFolder;

namespace ChatAi.Containers.Tests.Files;

/// <summary>The samples, tried on the built program: an unknown key would stop its start.</summary>
public sealed partial class SettingsTests
{
    [Theory]
    [InlineData("development")]
    [InlineData("production")]
    public async Task Should_start_with_the_sample(string name)
    {
        await using var server = await ServerProcess.StartAsync(Env(Text($"settings/{name}.env")));
        var code = await new ChatApi(server.Url).RequestCodeAsync(TestUser.NewPhone());

        Assert.Equal(name == "development", code.Code is not null);
    }

    [Fact]
    public async Task Should_start_with_what_the_sample_offers_in_comments()
    {
        var offered = string.Join('\n', Text("settings/production.env").Split('\n').Select(Uncommented));
        // Of two lines for a key the later one counts, as in an env file.
        var settings = offered
            .Split('\n')
            .Where(line => line.Contains("__", StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .GroupBy(pair => pair[0])
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1]);
        Assert.Contains("ChatAi__Auth__CodeWebhook", settings.Keys);

        await using var server = await ServerProcess.StartAsync(settings);
    }

    [Fact]
    public void Should_hold_no_secret_and_show_no_code_in_production()
    {
        var production = Env(Text("settings/production.env"));

        Assert.Equal("false", production["ChatAi__Auth__RevealCodes"]);
        Assert.DoesNotContain(production.Keys, key => Secret().IsMatch(key));
    }

    [Fact]
    public async Task Should_make_what_compose_requires_anew_each_time()
    {
        var required = RequiredVariable()
            .Matches(Text("compose.yaml"))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        var once = await MakeAsync();
        var again = await MakeAsync();

        Assert.Subset(once.Keys.ToHashSet(), required);
        Assert.Equal("production", once["CHATAI_SETTINGS"]);
        var secrets = once.Keys.Where(key => key != "CHATAI_SETTINGS").ToList();
        Assert.All(secrets, key => Assert.NotEqual(once[key], again[key]));
        Assert.True(Convert.FromBase64String(once["CHATAI_SIGNING_KEY"]).Length >= 32);
        Assert.All(secrets, key => Assert.True(once[key].Length >= 32, key));
        // It stands in a connection string.
        Assert.Matches("^[A-Za-z0-9]+$", once["POSTGRES_PASSWORD"]);
    }

    [Fact]
    public async Task Should_refuse_settings_that_do_not_exist()
    {
        await using var script = ChildProcess.Start("sh", [DockerFolder.Path("make-env.sh"), "nowhere"]);
        await script.WaitForExitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, script.ExitCode);
    }

    private static async Task<Dictionary<string, string>> MakeAsync()
    {
        await using var script = ChildProcess.Start("sh", [DockerFolder.Path("make-env.sh")]);
        await script.WaitForExitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, script.ExitCode);
        return Env(string.Join('\n', script.Log));
    }

    private static string Uncommented(string line) => CommentedSetting().Replace(line, "$1");

    [GeneratedRegex(@"^#(\w+__\w+=)")]
    private static partial Regex CommentedSetting();

    [GeneratedRegex(@"\$\{(\w+):\?")]
    private static partial Regex RequiredVariable();
}
