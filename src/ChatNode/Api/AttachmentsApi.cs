using System.Globalization;
using System.Text.Json;
using ChatAi.ChatNode.Attachments;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Attachments;
using ChatAi.Shared.Domain.Chats;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ChatAi.ChatNode.Api;

/// <summary>Files in and out.</summary>
public static class AttachmentsApi
{
    /// <summary>What a form has beside the file.</summary>
    private const int FormBytes = 65_536;

    public static void MapAttachments(this RouteGroupBuilder v1)
    {
        v1.MapPost("/attachments", UploadAsync);
        v1.MapMethods("/attachments/{attachment}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync);
    }

    private static async Task<IResult> UploadAsync(HttpContext http, Uploader uploader, AttachmentOptions options)
    {
        var parameters = new Parameters(http);
        var name = parameters.TextOrNull("name");
        if (parameters.Error is { } error)
            return new Problem(error);
        var by = http.Caller().User;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.MaxFileBytes + FormBytes;
        var form = MultipartBoundary(http.Request.ContentType);
        var length = form is null ? http.Request.ContentLength : null;
        var refused = await uploader.MayBeginAsync(by, length, http.RequestAborted);
        if (refused is not null)
            return Refuse(refused);
        (Attachment? attachment, refused) = form is null
            ? await uploader.TakeAsync(
                by,
                http.Request.Body,
                http.Request.ContentType,
                name ?? NameOf(http.Request.Headers.ContentDisposition),
                http.RequestAborted
            )
            : await TakeFormAsync(http, uploader, by, form, name);
        if (attachment is null)
            return Refuse(refused!);
        http.Response.Headers.Location = $"{ApiHosting.Prefix}/attachments/{attachment.Id}";
        return new Json(JsonBytes.Write(attachment, WriteUpload), StatusCodes.Status201Created);
    }

    // The first part that is a file; as it comes, whatever follows it.
    private static async Task<(Attachment?, Rejection?)> TakeFormAsync(
        HttpContext http,
        Uploader uploader,
        UserId by,
        string boundary,
        string? name
    )
    {
        try
        {
            var parts = new MultipartReader(boundary, http.Request.Body) { BodyLengthLimit = null };
            while (await parts.ReadNextSectionAsync(http.RequestAborted) is { } part)
                if (NameOf(part.ContentDisposition) is { } given)
                    return await uploader.TakeAsync(
                        by,
                        part.Body,
                        part.ContentType,
                        name ?? given,
                        http.RequestAborted
                    );
        }
        catch (InvalidDataException e)
        {
            return (null, new Rejection(ErrorCode.BadRequest, $"The form cannot be read: {e.Message}"));
        }
        catch (IOException e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            return (null, new Rejection(ErrorCode.BadRequest, $"The form cannot be read: {e.Message}"));
        }
        return (null, new Rejection(ErrorCode.BadRequest, "The form has no part with a file name."));
    }

    private static async Task<IResult> DownloadAsync(
        HttpContext http,
        AttachmentOperations operations,
        IAttachmentStore store
    )
    {
        var parameters = new Parameters(http);
        var id = parameters.Attachment();
        var asDownload = parameters.TextOrNull("download") is not null;
        if (parameters.Error is { } error)
            return new Problem(error);
        var found = await operations.FindAsync(http.Caller().User, id, http.RequestAborted);
        return found.IsOk ? new AttachmentBody(found.Value, store, asDownload) : new Problem(found.Rejection);
    }

    private static Problem Refuse(Rejection refused) => new(refused, UploadProblem.StatusOf(refused));

    private static string? MultipartBoundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 70 } boundary
            ? boundary
            : null;

    private static string? NameOf(string? disposition) =>
        ContentDispositionHeaderValue.TryParse(disposition, out var header)
            ? header.FileNameStar.Value ?? HeaderUtilities.RemoveQuotes(header.FileName).Value
            : null;

    private static void WriteUpload(Utf8JsonWriter w, Attachment attachment)
    {
        w.WriteStartObject();
        w.WriteAttachment(attachment);
        w.WriteString("sha256"u8, attachment.Sha256);
        w.WriteEndObject();
    }
}

/// <summary>
/// A file on its way out: never as something that could run in this origin, and only as a download where it is not of a
/// few kinds that browsers merely show.
/// </summary>
public sealed class AttachmentBody(Attachment attachment, IAttachmentStore store, bool asDownload) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var tag = $"\"{attachment.Sha256}\"";
        WriteHeaders(response, tag);
        if (IsKnown(request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        // Ranges are for GET alone (RFC 9110, section 14.2).
        var isHead = HttpMethods.IsHead(request.Method);
        var wanted =
            isHead || (request.Headers.IfRange is { Count: > 0 } ifRange && ifRange != tag)
                ? null
                : Shared.Domain.Attachments.ByteRange.Parse(request.Headers.Range, attachment.Size);
        if (wanted == Shared.Domain.Attachments.ByteRange.None)
        {
            response.Headers.ContentRange = Invariant($"bytes */{attachment.Size}");
            await new Problem(
                new Rejection(ErrorCode.BadRequest, "The file has no such bytes."),
                StatusCodes.Status416RangeNotSatisfiable
            ).ExecuteAsync(httpContext);
            return;
        }
        var part = wanted ?? new Shared.Domain.Attachments.ByteRange(0, attachment.Size);
        if (wanted is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = Invariant(
                $"bytes {part.From}-{part.From + part.Length - 1}/{attachment.Size}"
            );
        }
        response.ContentLength = part.Length;
        if (!isHead)
            await SendAsync(httpContext, part);
    }

    private async Task SendAsync(HttpContext http, Shared.Domain.Attachments.ByteRange part)
    {
        var key = new ContentKey(attachment.Sha256, attachment.Copy);
        Stream? bytes;
        try
        {
            bytes = await store.OpenAsync(key, part.From, part.Length, http.RequestAborted);
        }
        catch (IOException)
        {
            await RefuseAsync(http, UploadProblem.StoreFailed, StatusCodes.Status503ServiceUnavailable);
            return;
        }
        if (bytes is null)
        {
            AttachmentMetrics.NotThere();
            await RefuseAsync(http, new Rejection(ErrorCode.NotFound, "The file's content is not there."), 404);
            return;
        }
        await using (bytes)
            await bytes.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, Rejection refused, int status)
    {
        http.Response.Headers.Clear();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return new Problem(refused, status).ExecuteAsync(http);
    }

    private void WriteHeaders(HttpResponse response, string tag)
    {
        var shown = !asDownload && MediaType.IsInline(attachment.Type);
        var disposition = new ContentDispositionHeaderValue(shown ? "inline" : "attachment");
        disposition.SetHttpFileName(attachment.Name);
        var headers = response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.ContentType = attachment.Type == MediaType.Text ? "text/plain; charset=utf-8" : attachment.Type;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.AcceptRanges = "bytes";
        headers.ETag = tag;
        // Asked for again each time: who may see it today may not tomorrow.
        headers.CacheControl = "private, no-cache";
    }

    private static bool IsKnown(string? ifNoneMatch, string tag) =>
        ifNoneMatch is not null
        && ifNoneMatch
            .Split(',', StringSplitOptions.TrimEntries)
            .Any(given => given == "*" || given == tag || given == $"W/{tag}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
