using System.Globalization;
using ChatAi.ChatNode.Attachments;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ReadModel.Tests;

public abstract partial class ReadModelSpec
{
    private static readonly UploadQuota NoQuota = new(0, 0, 0);
    private static readonly string Hash = new('a', 64);

    private readonly SettableTime _time = new();
    private readonly MemoryStore _store = new();

    private SqlUploads Uploads => new(Database.Store, new AttachmentOptions(), _time);

    private ContentSweep Sweep => new(Database.Store, _ => Task.FromResult((long)World.Journal.Count), _store, _time);

    private async Task<Attachment> UploadAsync(UserId owner, string? hash = null, long size = 10)
    {
        var file = new ReceivedFile(hash ?? Hash, size, "image/png", "a.png", 3, 2);
        var added = await Uploads.AddAsync(owner, file, NoQuota, None);
        _store.Put(added.Attachment!);
        return added.Attachment!;
    }

    private async Task<long> SendFileAsync(ChatId chat, UserId by, AttachmentId id)
    {
        var cid = new ClientMessageId(World.NewId());
        var send = new ChatCommands.SendMessage(by, cid, "", null)
        {
            AttachmentIds = [id],
            Attachments = await Uploads.ClaimAsync(by, [id], chat, cid, None),
        };
        return ((ChatAnswer.Sent)((Decision.Accepted)World.Execute(chat, send)).Answer).Seq;
    }

    // The first look of a sweep takes nothing away: it remembers how far the journal was.
    private async Task SweepAsync()
    {
        var sweep = Sweep;
        await sweep.SweepAsync(None);
        _time.Now += TimeSpan.FromMinutes(10);
        await sweep.SweepAsync(None);
    }

    [SkippableFact]
    public async Task Should_delete_a_content_with_its_last_message_and_not_before()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(2);
        var (first, second) = (await UploadAsync(ann), await UploadAsync(bob));
        Assert.Equal(first.Copy, second.Copy);
        var seqs = (await SendFileAsync(chat, ann, first.Id), await SendFileAsync(chat, bob, second.Id));
        await ProjectAsync();
        Assert.Equal(new AttachmentPlace(chat, seqs.Item1), await Uploads.PlaceAsync(first.Id, None));
        Assert.Null(await Uploads.FindAsync(first.Id, None));

        World.Execute(chat, new ChatCommands.DeleteMessage(ann, seqs.Item1));
        await ProjectAsync();
        Assert.Null(await Uploads.PlaceAsync(first.Id, None));
        await SweepAsync();
        Assert.Single(_store.Keys);

        World.Execute(chat, new ChatCommands.DeleteMessage(bob, seqs.Item2));
        await ProjectAsync();
        await SweepAsync();
        Assert.Empty(_store.Keys);
        // The same bytes again are another copy: a late deletion of the old one does not hit it.
        Assert.NotEqual(first.Copy, (await UploadAsync(ann)).Copy);
    }

    [SkippableFact]
    public async Task Should_wait_for_the_projection_before_anything_goes()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(2);
        var upload = await UploadAsync(ann);
        await ProjectAsync();
        await SendFileAsync(chat, ann, upload.Id);
        _time.Now += TimeSpan.FromHours(30);
        await SweepAsync();
        Assert.Single(_store.Keys);
        await ProjectAsync();
        await SweepAsync();
        Assert.Single(_store.Keys);
        Assert.NotNull(await Uploads.PlaceAsync(upload.Id, None));
    }

    [SkippableFact]
    public async Task Should_take_uploads_away_that_no_message_named_in_time()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(2);
        await ProjectAsync();
        var upload = await UploadAsync(ann);
        _time.Now += TimeSpan.FromHours(23);
        await SweepAsync();
        Assert.Single(_store.Keys);
        _time.Now += TimeSpan.FromHours(1);
        Assert.Empty(await Uploads.ClaimAsync(ann, [upload.Id], chat, new ClientMessageId(World.NewId()), None));
        Assert.Null(await Uploads.FindAsync(upload.Id, None));
        // Somebody brings the same meanwhile: theirs stays.
        var other = await UploadAsync(bob);
        await SweepAsync();
        Assert.NotNull(await Uploads.FindAsync(other.Id, None));
        Assert.Single(_store.Keys);
    }

    [SkippableFact]
    public async Task Should_let_one_message_alone_have_an_upload()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(2);
        var upload = await UploadAsync(ann);
        var (one, other) = (new ClientMessageId(World.NewId()), new ClientMessageId(World.NewId()));
        Assert.Empty(await Uploads.ClaimAsync(bob, [upload.Id], chat, one, None));
        Assert.Equal(upload, Assert.Single(await Uploads.ClaimAsync(ann, [upload.Id], chat, one, None)));
        Assert.Single(await Uploads.ClaimAsync(ann, [upload.Id], chat, one, None));
        Assert.Empty(await Uploads.ClaimAsync(ann, [upload.Id], chat, other, None));
        await Uploads.ReleaseAsync(ann, [upload.Id], chat, other, None);
        Assert.Empty(await Uploads.ClaimAsync(ann, [upload.Id], chat, other, None));
        await Uploads.ReleaseAsync(ann, [upload.Id], chat, one, None);
        Assert.Single(await Uploads.ClaimAsync(ann, [upload.Id], chat, other, None));
    }

    [SkippableFact]
    public async Task Should_count_what_a_user_has_and_brings_in_a_day()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(2);
        await SendFileAsync(chat, ann, (await UploadAsync(ann, size: 60)).Id);
        await ProjectAsync();
        var file = new ReceivedFile(Hash, 50, "image/png", "b.png", null, null);
        var add = async (UploadQuota quota) => (await Uploads.AddAsync(ann, file, quota, None)).Refusal;
        Assert.Equal(UploadRefusal.Full, await add(new UploadQuota(100, 0, 0)));
        Assert.Equal(UploadRefusal.TooMuchToday, await add(new UploadQuota(0, 100, 0)));
        Assert.Equal(UploadRefusal.TooMuchToday, await add(new UploadQuota(0, 0, 1)));
        Assert.Equal(UploadRefusal.TooMuchToday, await Uploads.CheckAsync(ann, 50, new UploadQuota(0, 100, 0), None));
        // Refused files do not count.
        Assert.Equal(UploadRefusal.None, await add(new UploadQuota(110, 110, 2)));
        Assert.Equal(UploadRefusal.TooMuchToday, await add(new UploadQuota(0, 0, 2)));
        _time.Now += TimeSpan.FromDays(1);
        Assert.Equal(UploadRefusal.None, await add(new UploadQuota(0, 100, 1)));
    }

    [SkippableFact]
    public async Task Should_survive_uploads_and_sweeps_of_one_content_at_once()
    {
        SkipUnlessAvailable();
        var (_, ann, _) = TalkOf(2);
        await ProjectAsync();
        var sweep = Sweep;
        await sweep.SweepAsync(None);
        for (var round = 0; round < 10; round++)
        {
            var old = await UploadAsync(ann);
            await Uploads.RemoveAsync(old.Id, None);
            var uploads = Enumerable.Range(0, 4).Select(_ => Task.Run(() => UploadAsync(ann))).ToList();
            await Task.WhenAll([Task.Run(() => sweep.SweepAsync(None)), .. uploads]);
            foreach (var upload in uploads)
                Assert.Contains(new ContentKey(Hash, (await upload).Copy), _store.Keys);
            foreach (var upload in uploads)
                await Uploads.RemoveAsync((await upload).Id, None);
        }
        await SweepAsync();
        Assert.Empty(_store.Keys);
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } =
            DateTimeOffset.Parse("2026-05-04T10:00:00Z", CultureInfo.InvariantCulture);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Names of contents, and nothing in them.</summary>
    private sealed class MemoryStore : IAttachmentStore
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<ContentKey, bool> _keys = new();

        public ICollection<ContentKey> Keys => _keys.Keys;

        public void Put(Attachment a) => _keys[new ContentKey(a.Sha256, a.Copy)] = true;

        public Task PutAsync(ContentKey key, string file, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<Stream?> OpenAsync(ContentKey key, long from, long length, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task DeleteAsync(ContentKey key, CancellationToken cancel)
        {
            _keys.TryRemove(key, out _);
            return Task.CompletedTask;
        }
    }
}
