using System.Security.Cryptography;
using ChatAi.ChatNode.Attachments;

namespace ChatAi.Nodes.Tests.Attachments;

/// <summary>What every store of attachments does; one subclass a store.</summary>
public abstract class AttachmentStoreSpec : IAsyncLifetime
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("chatai-store-").FullName;

    protected abstract IAttachmentStore Store { get; }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    protected static ContentKey KeyOf(byte[] bytes, string copy = "0a1b") =>
        new(Convert.ToHexStringLower(SHA256.HashData(bytes)), copy);

    protected async Task<string> FileOfAsync(byte[] bytes)
    {
        var file = Path.Combine(Folder, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(file, bytes);
        return file;
    }

    protected async Task PutAsync(byte[] bytes, string copy = "0a1b") =>
        await Store.PutAsync(KeyOf(bytes, copy), await FileOfAsync(bytes), default);

    protected async Task<byte[]?> GetAsync(ContentKey key, long from, long length)
    {
        await using var stream = await Store.OpenAsync(key, from, length, default);
        if (stream is null)
            return null;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    [Fact]
    public async Task Should_give_back_what_was_put_in_whole_and_in_parts()
    {
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        await PutAsync(bytes);
        Assert.Equal(bytes, await GetAsync(KeyOf(bytes), 0, bytes.Length));
        Assert.Equal(bytes[1_234_567..2_000_000], await GetAsync(KeyOf(bytes), 1_234_567, 2_000_000 - 1_234_567));
        Assert.Equal(bytes[^1..], await GetAsync(KeyOf(bytes), bytes.Length - 1, 1));
    }

    [Fact]
    public async Task Should_have_nothing_that_was_not_put()
    {
        Assert.Null(await GetAsync(KeyOf([1]), 0, 1));
        await Store.DeleteAsync(KeyOf([1]), default);
    }

    [Fact]
    public async Task Should_take_the_same_twice_and_at_once()
    {
        byte[] bytes = [1, 2, 3];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PutAsync(bytes))));
        await PutAsync(bytes);
        Assert.Equal(bytes, await GetAsync(KeyOf(bytes), 0, 3));
    }

    [Fact]
    public async Task Should_delete_one_copy_and_leave_the_other()
    {
        byte[] bytes = [4, 5, 6];
        await PutAsync(bytes, "one");
        await PutAsync(bytes, "two");
        await Store.DeleteAsync(KeyOf(bytes, "one"), default);
        await Store.DeleteAsync(KeyOf(bytes, "one"), default);
        Assert.Null(await GetAsync(KeyOf(bytes, "one"), 0, 3));
        Assert.Equal(bytes, await GetAsync(KeyOf(bytes, "two"), 0, 3));
    }
}
