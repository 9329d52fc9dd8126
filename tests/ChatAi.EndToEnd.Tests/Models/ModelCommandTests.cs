using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Models;

/// <summary><c>ChatNode model</c> as a process of its own.</summary>
public sealed class ModelCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("chatai-command-").FullName;
    private readonly byte[] _bytes = GgufBuilder.ChatFile(600_000);
    private FileServer _server = null!;

    private string Target => Path.Combine(_data, "models", "small-talk.gguf");

    public async Task InitializeAsync() => _server = await FileServer.StartAsync(_bytes);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private ChildProcess Start(params string[] words) =>
        ChildProcess.StartDotnet(
            ServerProcess.Assembly(),
            ["model", .. words],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ChatAi__DataDir"] = _data }
        );

    private async Task<(int Exit, string Output)> RunAsync(params string[] words)
    {
        await using var process = Start(words);
        await process.WaitForExitAsync(Patience);
        return (process.ExitCode, process.LogTail());
    }

    [Fact]
    public async Task Should_stop_on_ctrl_c_and_go_on_later()
    {
        var stalled = new TaskCompletionSource();
        _server.Next(async context =>
        {
            await _server.SendAsync(context, 200_000);
            stalled.TrySetResult();
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = context.RequestAborted.Register(() => left.TrySetResult());
            await left.Task.WaitAsync(Patience);
        });
        await using (var process = Start("get", _server.Url.ToString()))
        {
            await stalled.Task.WaitAsync(Patience);
            process.Interrupt();
            await process.WaitForExitAsync(Patience);
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("goes on from where it was", process.LogTail(), StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Target));

        var (exit, output) = await RunAsync("get", _server.Url.ToString());
        Assert.True(exit == 0, output);
        Assert.Contains("Small Talk (llama, 1K parameters, Q8_0, context 2048)", output, StringComparison.Ordinal);
        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal(0, (await RunAsync("verify")).Exit);
        Assert.Contains("Would be used (*)", (await RunAsync("list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_one_line_and_a_code_for_each_trouble()
    {
        var (exit, output) = await RunAsync("get", _server.Url.ToString(), "--sha256", new string('0', 64));
        Assert.Equal(5, exit);
        Assert.Contains("SHA-256 is", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("get", "nowhere")).Exit);
        _server.NextStatus(404);
        Assert.Equal(4, (await RunAsync("get", _server.Url.ToString())).Exit);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_data, "models")));
    }
}
