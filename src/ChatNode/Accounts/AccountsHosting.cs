using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Accounts;

public static class AccountsHosting
{
    /// <summary>Sign-in, tokens and devices. The regions of users and phones are registered elsewhere.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ChatAiOptions>, AuthOptionsValidator>();
        services.AddSingleton(s => SigningKey.From(s.GetRequiredService<IOptions<ChatAiOptions>>().Value));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ITokenVerifier>(s => s.GetRequiredService<AccessTokens>());
        services.AddSingleton<AccountEntities>();
        services.AddSingleton<SignedInDevices>();
        services.AddSingleton<AccountOperations>();
        services.AddHttpClient(nameof(WebhookCodeSender));
        services.AddSingleton(MakeSender);
        return services;
    }

    private static ICodeSender MakeSender(IServiceProvider services) =>
        services.GetRequiredService<IOptions<ChatAiOptions>>().Value.Auth.CodeWebhook is { } webhook
            ? new WebhookCodeSender(
                services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(WebhookCodeSender)),
                new Uri(webhook)
            )
            : ActivatorUtilities.CreateInstance<LogCodeSender>(services);
}

/// <summary>Stops the start with one line where the settings of sign-in cannot work.</summary>
public sealed class AuthOptionsValidator : IValidateOptions<ChatAiOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatAiOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(ChatAiOptions options)
    {
        if (SigningKey.Problem(options) is { } key)
            yield return key;
        if (!PhoneNumberText.IsKnownRegion(options.Auth.DefaultRegion))
            yield return "ChatAi:Auth:DefaultRegion must be an ISO 3166 country code in capitals, such as 'US'.";
        if (
            options.Auth.CodeWebhook is { } webhook
            && !(Uri.TryCreate(webhook, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https"))
        )
            yield return "ChatAi:Auth:CodeWebhook must be an http or https address.";
    }
}
