using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace ChatAi.Shared.Health;

/// <summary>
/// <c>health [URL]</c>: asks a running node whether it is ready, by default the one that has this process' settings.
/// Prints its answer; the exit code is 0 when it is ready, else 1.
/// </summary>
public static class HealthCommand
{
    public const string Word = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] words, IConfiguration configuration, string defaultUrl)
    {
        var text = words.Length > 0 ? words[0] : configuration[WebHostDefaults.ServerUrlsKey];
        if (UrlOf(string.IsNullOrWhiteSpace(text) ? defaultUrl : text) is not { } url)
        {
            await Console.Error.WriteLineAsync($"Usage: health [URL], such as {defaultUrl}; '{text}' is not one.");
            return 1;
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(url);
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {e.Message}");
            return 1;
        }
    }

    /// <summary>The first of the addresses that a server listens on, as one to ask: <c>http://*:8080</c> is local.</summary>
    public static Uri? UrlOf(string addresses)
    {
        var first = addresses.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[0];
        foreach (var everyone in new[] { "//*", "//+", "//0.0.0.0", "//[::]" })
            first = first.Replace(everyone, "//localhost", StringComparison.Ordinal);
        return Uri.TryCreate(first, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Port: > 0 }
            ? new Uri(url, HealthAnswer.ReadyPath)
            : null;
    }
}
