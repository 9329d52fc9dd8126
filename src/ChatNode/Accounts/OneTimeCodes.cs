using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace ChatAi.ChatNode.Accounts;

public static class OneTimeCodes
{
    public const int Digits = 6;

    /// <summary>Six digits, each code equally likely.</summary>
    public static string New() =>
        RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}

/// <summary>Brings a one-time code to the owner of a number.</summary>
public interface ICodeSender
{
    /// <param name="phone">E.164.</param>
    /// <exception cref="HttpRequestException">Nobody took the code.</exception>
    /// <exception cref="TimeoutException">Nobody took the code in time.</exception>
    Task SendAsync(string phone, string code, CancellationToken cancel);
}

/// <summary>For sites without a gateway to the phone network: an operator reads the code in the log.</summary>
public sealed class LogCodeSender(ILogger<LogCodeSender> log) : ICodeSender
{
    public Task SendAsync(string phone, string code, CancellationToken cancel)
    {
        log.LogInformation("The one-time code of {Phone} is {Code}", phone, code);
        return Task.CompletedTask;
    }
}

/// <summary>Posts <c>{"phone": E.164, "code": digits}</c> to <c>ChatAi:Auth:CodeWebhook</c>; any 2xx answer will do.</summary>
public sealed class WebhookCodeSender(HttpClient http, Uri webhook) : ICodeSender
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task SendAsync(string phone, string code, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        try
        {
            using var answer = await http.PostAsJsonAsync(webhook, new { phone, code }, late.Token);
            answer.EnsureSuccessStatusCode();
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The code webhook did not answer within {Patience}.", e);
        }
    }
}
