using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Sharding;
using ChatAi.Testing;

namespace ChatAi.ReadModel.Tests.Journal;

/// <summary>The embedded journal on a disk of a few megabytes that fills up, and has room again.</summary>
public sealed class FullDiskSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly UserId _ann = new(Guid.CreateVersion7());
    private readonly UserId _bob = new(Guid.CreateVersion7());

    [SkippableFact]
    public async Task Should_acknowledge_nothing_that_is_not_stored_and_go_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        Skip.If(disk is null, "This machine does not let the tests mount a small file system.");
        var ballast = Path.Combine(disk.Folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[5 << 20]);
        await using var node = await JournalHost.StartAsync(disk.Folder);
        await using var tables = ReadDatabase.Sqlite();
        var chat = new ChatId(Guid.CreateVersion7());
        var entity = new ChatOnNode(node, tables, chat);
        await entity.ExecuteAsync(new ChatCommands.CreateChat(_ann, ChatType.OneToOne, [_bob], null));

        var acknowledged = new Dictionary<ClientMessageId, long>();
        ClientMessageId unanswered;
        while (true)
        {
            var cid = new ClientMessageId(Guid.CreateVersion7());
            if (await entity.SendAsync(_ann, cid, Patience, new string('x', 4_000)) is not { } sent)
            {
                unanswered = cid;
                break;
            }
            acknowledged[cid] = sent.Seq;
        }
        Assert.Null(await entity.SendAsync(_ann, unanswered, Patience, new string('x', 4_000)));
        File.Delete(ballast);

        ChatAnswer.Sent? again = null;
        for (var tries = 0; again is null && tries < 5; tries++)
            again = await entity.SendAsync(_ann, unanswered, Patience, new string('x', 4_000));
        Assert.NotNull(again);
        acknowledged[unanswered] = again.Seq;

        var events = await node.Journal.OfEntityAsync(ShardNames.PersistenceId(chat), 1, long.MaxValue, default);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.SequenceNr));
        var stored = events.Select(e => e.Event).OfType<ChatEvents.MessageSent>().ToDictionary(e => e.Cid, e => e.Seq);
        Assert.Equal(stored.OrderBy(e => e.Value), acknowledged.OrderBy(e => e.Value));
    }

    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        public string Folder => folder;

        /// <summary>Null where this is not allowed.</summary>
        public static async Task<SmallDisk?> MountAsync(int megabytes)
        {
            if (!OperatingSystem.IsLinux())
                return null;
            var folder = Directory.CreateTempSubdirectory("chatai-disk-").FullName;
            if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", folder))
                return new SmallDisk(folder);
            Directory.Delete(folder);
            return null;
        }

        public async ValueTask DisposeAsync()
        {
            await RunAsync("umount", "-l", folder);
            Directory.Delete(folder);
        }

        private static async Task<bool> RunAsync(string program, params string[] arguments)
        {
            await using var child = ChildProcess.Start(program, arguments);
            await child.WaitForExitAsync(TimeSpan.FromSeconds(10));
            return child.ExitCode == 0;
        }
    }
}
