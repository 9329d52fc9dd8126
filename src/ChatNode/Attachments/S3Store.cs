using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ChatAi.ChatNode.Attachments;

/// <summary>Objects of a bucket of Amazon S3, or of a server that speaks its protocol.</summary>
public sealed class S3Store(S3Options options) : IAttachmentStore, IDisposable
{
    private readonly AmazonS3Client _client = new(
        new BasicAWSCredentials(options.AccessKey, options.SecretKey),
        ConfigOf(options)
    );

    public async Task PutAsync(ContentKey key, string file, CancellationToken cancel)
    {
        await using var bytes = File.OpenRead(file);
        await TalkAsync(
            () =>
                _client.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = options.Bucket,
                        Key = NameOf(key),
                        InputStream = bytes,
                        AutoCloseStream = false,
                        // The whole body is signed as one: not every server knows chunks.
                        UseChunkEncoding = false,
                        // Nobody but this service reads it, and by the type that the message has.
                        ContentType = "application/octet-stream",
                    },
                    cancel
                ),
            cancel
        );
    }

    public async Task<Stream?> OpenAsync(ContentKey key, long from, long length, CancellationToken cancel)
    {
        try
        {
            var answer = await TalkAsync(
                () =>
                    _client.GetObjectAsync(
                        new GetObjectRequest
                        {
                            BucketName = options.Bucket,
                            Key = NameOf(key),
                            ByteRange = new Amazon.S3.Model.ByteRange(from, from + length - 1),
                        },
                        cancel
                    ),
                cancel
            );
            return new PartStream(answer.ResponseStream, length);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task DeleteAsync(ContentKey key, CancellationToken cancel)
    {
        try
        {
            await TalkAsync(() => _client.DeleteObjectAsync(options.Bucket, NameOf(key), cancel), cancel);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // Some servers say so; the object is gone either way.
        }
    }

    public void Dispose() => _client.Dispose();

    private string NameOf(ContentKey key) => options.Prefix + key.Path;

    private static async Task<T> TalkAsync<T>(Func<Task<T>> request, CancellationToken cancel)
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            throw;
        }
        catch (Exception e)
            when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException
                || (e is OperationCanceledException && !cancel.IsCancellationRequested)
            )
        {
            throw new IOException($"The bucket does not do as asked: {e.Message}", e);
        }
    }

    private static AmazonS3Config ConfigOf(S3Options options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxErrorRetry = 2,
            // Newer checksums only where the protocol wants them: servers of one's own may not know them.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (string.IsNullOrWhiteSpace(options.Endpoint))
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        else
            config.ServiceURL = options.Endpoint;
        return config;
    }
}
