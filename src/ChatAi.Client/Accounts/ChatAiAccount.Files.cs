using System.Net.Http.Headers;
using System.Text.Json;

namespace ChatAi.Client;

public sealed partial class ChatAiAccount
{
    /// <summary>
    /// Uploads a file for a message to come; it is read once and never held in memory as a whole. Without a media type the
    /// server goes by its first bytes.
    /// </summary>
    /// <exception cref="ChatAiException"><c>too_large</c>, <c>unsupported</c>, <c>quota_exceeded</c>, …</exception>
    public async Task<ChatAttachment> UploadAsync(
        Stream file,
        string name,
        string? type = null,
        CancellationToken stop = default
    )
    {
        var path = $"/v1/attachments?name={Uri.EscapeDataString(name)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(file) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type ?? "application/octet-stream");
        using var answer = await SendAsync(request, stop).ConfigureAwait(false);
        var text = await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(text, ClientJson.Default.ChatAttachment)!
            : throw Refusal(answer, text);
    }

    /// <summary>The bytes of a file, from one on: what a cut download lacks is asked for alone.</summary>
    /// <exception cref="ChatAiException"><c>not_found</c>: there is none any longer, or not for this user.</exception>
    public async Task<Stream> DownloadAsync(Guid attachment, long from = 0, CancellationToken stop = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/attachments/{attachment}");
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        var answer = await SendAsync(request, stop).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        }

        using (answer)
        {
            throw Refusal(answer, await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var token = await TokenAsync(stop).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _files.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
    }
}
