using ChatAi.Faults.Facts;
using ChatAi.Faults.Load;
using ChatAi.Faults.Running;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests;

/// <summary>One node with SQLite whose disk (a small file system in memory) fills up under traffic and is cleared again.</summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Full = TimeSpan.FromSeconds(8);

    [SkippableFact]
    public async Task Should_acknowledge_nothing_that_a_full_disk_lost_and_go_on_when_there_is_room()
    {
        Skip.If(Environment.UserName != "root", "Mounting a small file system needs root.");
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var disk = Directory.CreateTempSubdirectory("chatai-disk-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk);
        try
        {
            await PlayAsync(seed, disk);
        }
        finally
        {
            await RunAsync("umount", "--lazy", disk);
            Directory.Delete(disk);
        }
    }

    private async Task PlayAsync(int seed, string disk)
    {
        await using var server = await ServerProcess.StartAsync(dataDir: disk);
        await using var world = await World.CreateAsync(
            seed,
            new Traffic(People: 6, Groups: 4, ActsPerSecond: 4),
            new Doors([server.Url]),
            Store.Sqlite(disk),
            () => Task.FromResult<IReadOnlyList<string>>([])
        );
        using var stop = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var talking = world.TalkAsync(stop.Token, giveUp.Token);
        await Task.Delay(TimeSpan.FromSeconds(3));

        var filler = Path.Combine(disk, "filler");
        Fill(filler);
        var from = world.Ledger.Now;
        await Task.Delay(Full);
        var until = world.Ledger.Now;
        File.Delete(filler);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        await talking;

        var sent = world.Ledger.Sends;
        output.WriteLine(
            $"{sent.Count} sent, {sent.Count(s => s.AckedAt is not null)} acknowledged, "
                + $"{sent.Count(s => s.AckedAt > from && s.AckedAt < until)} of them while the disk was full; "
                + string.Join(", ", world.Ledger.Refusals.CountBy(refusal => refusal.Code))
        );
        Assert.Empty(await world.CheckAsync(TimeSpan.FromSeconds(60)));
        Assert.All(sent, s => Assert.NotNull(s.AckedAt));
        Assert.Contains(sent, s => s.AckedAt > until);
        Assert.Contains(world.Ledger.Refusals, refusal => refusal.At > from);
        Assert.False(server.HasExited);
    }

    private static void Fill(string file)
    {
        var block = new byte[64 * 1024];
        using var filler = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Delete, bufferSize: 1);
        try
        {
            while (true)
                filler.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var child = ChildProcess.Start(program, arguments);
        await child.WaitForExitAsync(TimeSpan.FromSeconds(10));
        Assert.True(child.ExitCode == 0, child.LogTail());
    }
}
