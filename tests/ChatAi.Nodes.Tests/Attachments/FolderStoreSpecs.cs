using ChatAi.ChatNode.Attachments;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Nodes.Tests.Attachments;

public sealed class FolderStoreSpecs : AttachmentStoreSpec
{
    private string Stored => Path.Combine(Folder, "stored");

    protected override IAttachmentStore Store => new FolderStore(Stored);

    [Fact]
    public async Task Should_leave_nothing_under_a_name_when_the_file_is_not_there()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            Store.PutAsync(KeyOf([1]), Path.Combine(Folder, "gone"), default)
        );
        Assert.Null(await GetAsync(KeyOf([1]), 0, 1));
        Assert.Empty(Directory.GetFiles(Stored, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Should_keep_a_file_readable_that_is_deleted_meanwhile()
    {
        byte[] bytes = [1, 2, 3];
        await PutAsync(bytes);
        await using var open = await Store.OpenAsync(KeyOf(bytes), 0, 3, default);
        await Store.DeleteAsync(KeyOf(bytes), default);
        var got = new byte[3];
        await open!.ReadExactlyAsync(got);
        Assert.Equal(bytes, got);
    }

    [Fact]
    public async Task Should_clear_away_what_a_crash_left_half_received_and_nothing_newer()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var folder = new AttachmentFolder(Stored, time);
        var (old, young) = (folder.NewFile(), folder.NewFile());
        foreach (var (file, hours) in new[] { (old, 25), (young, 23) })
        {
            await File.WriteAllBytesAsync(file, [1]);
            File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime.AddHours(-hours));
        }
        await PutAsync([7]);
        Assert.Equal(1, folder.RemoveLeftOver());
        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
        Assert.Equal([7], await GetAsync(KeyOf([7]), 0, 1));
    }

    [Fact]
    public async Task Should_copy_what_is_stored_and_not_what_is_on_its_way()
    {
        var folder = new AttachmentFolder(Stored, TimeProvider.System);
        await File.WriteAllBytesAsync(folder.NewFile(), [9]);
        await PutAsync([7]);
        var copy = Path.Combine(Folder, "copy");
        AttachmentFolder.Copy(Stored, copy);
        Assert.Equal(
            [KeyOf([7]).Path],
            Directory.GetFiles(copy, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(copy, f))
        );
    }
}
