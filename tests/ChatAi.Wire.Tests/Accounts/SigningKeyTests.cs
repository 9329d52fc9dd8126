using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Configuration;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class SigningKeyTests : IDisposable
{
    private readonly string _dataDir = Directory.CreateTempSubdirectory("chatai-secrets-").FullName;

    public void Dispose() => Directory.Delete(_dataDir, recursive: true);

    [Fact]
    public void Should_be_made_once_on_one_machine()
    {
        var options = new ChatAiOptions { DataDir = _dataDir };
        var first = SigningKey.From(options);
        Assert.Equal(32, first.Bytes.Length);
        Assert.Equal(first.Bytes.ToArray(), SigningKey.From(options).Bytes.ToArray());
    }

    [Fact]
    public async Task Should_be_the_same_for_all_who_make_it_at_once()
    {
        // Many names: whoever looks before another has written, and writes after it has read, is rare.
        foreach (var name in Enumerable.Range(0, 50).Select(n => $"x{n}"))
        {
            using var start = new Barrier(8);
            var made = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(_ =>
                        Task.Factory.StartNew(
                            () =>
                            {
                                start.SignalAndWait();
                                return new SecretStore(_dataDir).GetOrCreate(name);
                            },
                            TaskCreationOptions.LongRunning
                        )
                    )
            );
            Assert.All(made, secret => Assert.Equal(made[0], secret));
        }
        Assert.Equal(50, Directory.GetFiles(Path.Combine(_dataDir, "secrets")).Length);
    }

    [SkippableFact]
    public void Should_be_readable_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
            throw new SkipException("Windows has no file modes.");
        new SecretStore(_dataDir).GetOrCreate("x");
        var folder = Path.Combine(_dataDir, "secrets");
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(folder)
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "x")));
    }

    [Fact]
    public void Should_not_take_a_damaged_file_for_a_secret()
    {
        Directory.CreateDirectory(Path.Combine(_dataDir, "secrets"));
        File.WriteAllText(Path.Combine(_dataDir, "secrets", "x"), "c2hvcnQ=");
        Assert.Throws<InvalidDataException>(() => new SecretStore(_dataDir).GetOrCreate("x"));
    }

    [Theory]
    [InlineData("postgres", "")]
    [InlineData("sqlite", "node1:4053")]
    public void Should_be_required_in_a_cluster(string database, string seeds)
    {
        var options = new ChatAiOptions { DataDir = _dataDir, Database = database };
        options.Cluster.Seeds = seeds;
        var failed = Assert.Throws<ConfigurationException>(() => SigningKey.From(options));
        Assert.Contains("ChatAi:Auth:SigningKey is required", failed.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_dataDir, "secrets")));
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("c2hvcnQ=", false)]
    [InlineData("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", true)]
    [InlineData("a passphrase, not Base64, of many words", true)]
    public void Should_have_32_bytes(string configured, bool good)
    {
        var options = new ChatAiOptions { Database = "postgres" };
        options.Auth.SigningKey = configured;
        Assert.Equal(good, SigningKey.Problem(options) is null);
    }
}
