using ChatAi.ChatNode.Attachments;
using ChatAi.Testing.Buckets;

namespace ChatAi.Nodes.Tests.Attachments;

public sealed class S3StoreSpecs : AttachmentStoreSpec
{
    private BucketServer _server = null!;
    private S3Store _store = null!;

    protected override IAttachmentStore Store => _store;

    public override async Task InitializeAsync()
    {
        _server = await BucketServer.StartAsync();
        _store = new S3Store(Options());
    }

    public override async Task DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    private S3Options Options(string bucket = BucketServer.Bucket, string secret = BucketServer.SecretKey) =>
        new()
        {
            Endpoint = _server.Url.ToString(),
            Region = "eu-test-1",
            Bucket = bucket,
            Prefix = "chat/",
            AccessKey = BucketServer.AccessKey,
            SecretKey = secret,
            TimeoutSeconds = 5,
        };

    /// <summary>The example of Amazon's own documentation: the judge of all other tests is right.</summary>
    [Fact]
    public void Should_be_judged_by_a_server_that_signs_as_amazon_does()
    {
        const string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        const string time = "20130524T000000Z";
        var request = new SignedRequest(
            "GET",
            "/test.txt",
            "",
            new Dictionary<string, string>
            {
                ["host"] = "examplebucket.s3.amazonaws.com",
                ["range"] = "bytes=0-9",
                ["x-amz-content-sha256"] = empty,
                ["x-amz-date"] = time,
            },
            empty
        );
        Assert.Equal(
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            BucketSignature.Of(
                request,
                time,
                "20130524/us-east-1/s3/aws4_request",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            )
        );
    }

    [Fact]
    public async Task Should_put_objects_under_the_prefix_with_signatures_that_hold()
    {
        await PutAsync([1, 2, 3]);
        Assert.Equal(["chat/" + KeyOf([1, 2, 3]).Path], _server.Objects.Keys);
        Assert.Empty(_server.Refusals);
    }

    [Fact]
    public async Task Should_try_again_when_the_server_is_busy_and_say_so_when_it_stays_so()
    {
        _server.BeBusy(2);
        await PutAsync([1, 2, 3]);
        Assert.Equal([1, 2, 3], await GetAsync(KeyOf([1, 2, 3]), 0, 3));
        _server.BeBusy(int.MaxValue);
        await Assert.ThrowsAsync<IOException>(() => PutAsync([4]));
    }

    [Fact]
    public async Task Should_fail_and_not_find_nothing_where_the_bucket_or_the_secret_is_wrong()
    {
        using var nowhere = new S3Store(Options(bucket: "other"));
        await Assert.ThrowsAsync<IOException>(() => nowhere.OpenAsync(KeyOf([1]), 0, 1, default));
        using var stranger = new S3Store(Options(secret: "wrong"));
        var file = await FileOfAsync([1]);
        await Assert.ThrowsAsync<IOException>(() => stranger.PutAsync(KeyOf([1]), file, default));
        Assert.Contains("SignatureDoesNotMatch", _server.Refusals);
        Assert.Empty(_server.Objects);
    }

    [Fact]
    public async Task Should_fail_as_a_store_when_nobody_listens()
    {
        await _server.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => PutAsync([1]));
    }

    [Fact]
    public async Task Should_fail_as_a_store_when_the_server_never_answers()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        // Connections come about; nobody reads them.
        silent.Start();
        var options = Options();
        (options.Endpoint, options.TimeoutSeconds) = ($"http://{silent.LocalEndpoint}", 1);
        using var store = new S3Store(options);
        var file = await FileOfAsync([1]);
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(KeyOf([1]), file, default));
    }
}
