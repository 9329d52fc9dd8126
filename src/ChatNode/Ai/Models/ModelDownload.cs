using System.Net;
using System.Net.Http.Headers;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary>
/// Fetches one file into its part, over as many connections as it takes. What a server did not finish is resumed where
/// it marks its versions (If-Range) and begun anew where it does not.
/// </summary>
public sealed class ModelDownload(
    HttpMessageInvoker http,
    DownloadSettings settings,
    TimeProvider time,
    IProgress<DownloadState> progress,
    Action<string> say
)
{
    private static readonly byte[] Magic = "GGUF"u8.ToArray();

    /// <summary>The connection failed in a way that another may not.</summary>
    private sealed class PassingException(string message) : Exception(message);

    /// <summary>A client that follows no redirect by itself and takes the bytes as they are.</summary>
    public static HttpMessageInvoker Client() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = TimeSpan.FromSeconds(15),
            }
        );

    /// <exception cref="ModelException">It cannot be had; the part stays for a later try where that may help.</exception>
    public async Task FetchAsync(Uri url, string partPath, CancellationToken cancel)
    {
        await using var part = DownloadPart.Open(partPath, url);
        for (var failures = 0; ; )
        {
            var before = part.Length;
            try
            {
                await TryAsync(part, url, cancel);
                return;
            }
            catch (Exception wrong) when (IsPassing(wrong) && !cancel.IsCancellationRequested)
            {
                failures = part.Length > before ? 1 : failures + 1;
                var why = $"{(wrong.InnerException ?? wrong).Message.TrimEnd('.')}.";
                if (failures >= settings.Tries)
                    throw new ModelException(ModelExit.Network, $"{why} Given up after {failures} tries.");
                var wait = settings.WaitAfter(failures, Random.Shared.NextDouble());
                say($"{why} Trying again in {wait.TotalSeconds:0.0} s, {Sizes.Of(part.Length)} are here.");
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    private static bool IsPassing(Exception wrong) =>
        wrong is PassingException or HttpRequestException or HttpIOException
        || (wrong is IOException io && !DurableFiles.IsDiskFull(io));

    private async Task TryAsync(DownloadPart part, Uri url, CancellationToken cancel)
    {
        using var stall = new CancellationTokenSource(settings.Stall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancel);
        try
        {
            using var response = await AskAsync(part, url, either.Token);
            if (Begin(part, response) is { } total)
                await ReadAsync(part, response, total < 0 ? null : total, stall, either.Token);
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new PassingException($"Nothing came for {settings.Stall.TotalSeconds:0} s.");
        }
    }

    /// <summary>Asks for what is missing, along redirects.</summary>
    private async Task<HttpResponseMessage> AskAsync(DownloadPart part, Uri url, CancellationToken cancel)
    {
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ChatAi", null));
            if (part is { Length: > 0, Validator: { } validator })
            {
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
                request.Headers.TryAddWithoutValidation("If-Range", validator);
            }
            var response = await http.SendAsync(request, cancel);
            if (!IsRedirect(response))
                return response;
            using (response)
            {
                if (hops >= settings.Redirects)
                    throw new ModelException(ModelExit.Refused, $"The server sent on more than {hops} times.");
                url = Next(url, response.Headers.Location);
            }
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static Uri Next(Uri from, Uri? location)
    {
        var to = location is null ? null : new Uri(from, location);
        if (to is null || to.Scheme is not ("http" or "https"))
            throw new ModelException(ModelExit.Refused, "The server sent on to no http or https address.");
        if (from.Scheme == "https" && to.Scheme != "https")
            throw new ModelException(ModelExit.Refused, "The server sent on from https to http: refused.");
        return to;
    }

    /// <summary>The whole length that is to be had (-1: not said), or null where everything is here already.</summary>
    private long? Begin(DownloadPart part, HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                if (part.Length > 0)
                    say("The server begins anew.");
                part.StartAnew(ValidatorOf(response));
                return Checked(part, response.Content.Headers.ContentLength ?? -1);
            case HttpStatusCode.PartialContent when Fits(part, response):
                part.GoOn();
                say($"Going on behind {Sizes.Of(part.Length)}.");
                return Checked(part, response.Content.Headers.ContentRange!.Length ?? -1);
            case HttpStatusCode.RequestedRangeNotSatisfiable
                when part.Length > 0 && response.Content.Headers.ContentRange?.Length == part.Length:
                return null;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0:
                part.StartAnew(null);
                throw new PassingException("What is here does not fit what the server has now.");
            case HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError:
                throw new PassingException($"The server answered {(int)response.StatusCode}.");
            default:
                throw new ModelException(ModelExit.Refused, $"The server answered {(int)response.StatusCode}.");
        }
    }

    private static bool Fits(DownloadPart part, HttpResponseMessage response) =>
        part.Length > 0
        && response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from }
        && from == part.Length
        && (ValidatorOf(response) is not { } now || now == part.Validator);

    /// <summary>A strong ETag, else the date of the last change; null for neither.</summary>
    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false, Tag: var tag }
            ? tag
            : response.Content.Headers.LastModified?.ToString("r");

    private long Checked(DownloadPart part, long total)
    {
        if (total > settings.MostBytes)
            throw new ModelException(ModelExit.NoRoom, $"The file has {Sizes.Of(total)}: more than is taken.");
        var free = settings.FreeBytes(Path.GetDirectoryName(Path.GetFullPath(part.Path))!);
        if (total - part.Length > free)
            throw new ModelException(
                ModelExit.NoRoom,
                $"The disk has {Sizes.Of(free)} left and {Sizes.Of(total - part.Length)} are to come."
            );
        return total;
    }

    private async Task ReadAsync(
        DownloadPart part,
        HttpResponseMessage response,
        long? total,
        CancellationTokenSource stall,
        CancellationToken cancel
    )
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[128 * 1024];
        var isChecked = false;
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            stall.CancelAfter(settings.Stall);
            if (part.Length + read > (total ?? settings.MostBytes))
                throw new ModelException(ModelExit.NoRoom, "The server sends more than it may.");
            await part.AppendAsync(buffer.AsMemory(0, read));
            progress.Report(new DownloadState(part.Length, total));
            isChecked = isChecked || LooksRight(part);
        }
        if (total is { } wanted && part.Length < wanted)
            throw new PassingException($"The connection ended after {part.Length} of {wanted} bytes.");
    }

    /// <summary>The first bytes tell a page that asks to log in from a model, long before its end.</summary>
    private static bool LooksRight(DownloadPart part)
    {
        if (part.Length < Magic.Length)
            return false;
        if (!part.Beginning(Magic.Length).AsSpan().SequenceEqual(Magic))
            throw new ModelException(
                ModelExit.NotAModel,
                "What comes is not a GGUF file: it does not begin with 'GGUF'."
            );
        return true;
    }
}
