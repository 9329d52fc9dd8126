using System.ComponentModel.DataAnnotations;

namespace ChatAi.ChatNode.Attachments;

/// <summary>The section <c>ChatAi:Attachments</c>. 0 switches a limit off, but for the size of a file.</summary>
public sealed class AttachmentOptions : IValidatableObject
{
    /// <summary><c>folder</c> or <c>s3</c>.</summary>
    [RegularExpression("^(folder|s3)$", ErrorMessage = "ChatAi:Attachments:Store must be 'folder' or 's3'.")]
    public string Store { get; set; } = "folder";

    /// <summary>Default: <c>attachments</c> in the data folder. Several nodes need one folder that all of them see.</summary>
    public string? Folder { get; set; }

    /// <summary>Bytes of one file.</summary>
    [Range(1, 5_368_709_120)]
    public long MaxFileBytes { get; set; } = 26_214_400;

    /// <summary>Bytes that a user's files take together, those of their messages included.</summary>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerUser { get; set; } = 2_147_483_648;

    /// <summary>Bytes that a user may upload in one day (UTC).</summary>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerUserPerDay { get; set; } = 536_870_912;

    /// <summary>Files that a user may upload in one day (UTC).</summary>
    [Range(0, int.MaxValue)]
    public int MaxFilesPerUserPerDay { get; set; } = 1_000;

    /// <summary>Uploads that a user may begin in a minute on one node.</summary>
    [Range(0, int.MaxValue)]
    public int UploadsPerMinute { get; set; } = 60;

    /// <summary>Free bytes that uploads leave on the disk of the folder.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = 268_435_456;

    /// <summary>Uploads that no message names go after so long.</summary>
    [Range(1, 8_760)]
    public int KeepUnattachedHours { get; set; } = 24;

    /// <summary>Time between two looks for what nothing names any longer.</summary>
    [Range(1, 86_400)]
    public int SweepSeconds { get; set; } = 600;

    public S3Options S3 { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Store != "s3")
            yield break;
        if (string.IsNullOrWhiteSpace(S3.Bucket))
            yield return new("S3:Bucket is required with Store=s3.");
        if (string.IsNullOrWhiteSpace(S3.AccessKey) || string.IsNullOrWhiteSpace(S3.SecretKey))
            yield return new("S3:AccessKey and S3:SecretKey are required with Store=s3.");
        var isHttp = Uri.TryCreate(S3.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        if (S3.Endpoint is not null && !isHttp)
            yield return new("S3:Endpoint must be an http or https address.");
    }
}

/// <summary>A bucket of Amazon S3 or of a server that speaks its protocol.</summary>
public sealed class S3Options
{
    /// <summary>Address of the server; empty for Amazon.</summary>
    public string? Endpoint { get; set; }

    public string Region { get; set; } = "us-east-1";

    public string? Bucket { get; set; }

    /// <summary>Before every key.</summary>
    public string Prefix { get; set; } = "";

    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>The bucket stands in the path and not in the host name, as most servers of one's own want it.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>An answer that does not begin within so long has failed.</summary>
    [Range(1, 3_600)]
    public int TimeoutSeconds { get; set; } = 30;
}
