using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Accounts;

public static class AccountsHosting
{
    /// <summary>Sign-in, tokens and devices. The regions of users and phones are registered elsewhere.</summary>
    /// <exception cref="ConfigurationException">The settings of sign-in cannot work.</exception>
    public static IServiceCollection AddAccounts(this IServiceCollection services, ChatAiOptions options)
    {
        var problems = Problems(options.Auth).ToList();
        if (problems.Count > 0)
            throw new ConfigurationException($"Configuration: {string.Join(" ", problems)}");
        services.AddSingleton(SigningKey.From(options));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ITokenVerifier>(s => s.GetRequiredService<AccessTokens>());
        services.AddSingleton<AccountEntities>();
        services.AddSingleton<SignedInDevices>();
        services.AddSingleton<AccountOperations>();
        if (options.Auth.CodeWebhook is { Length: > 0 } webhook)
        {
            services.AddHttpClient(nameof(WebhookCodeSender));
            services.AddSingleton<ICodeSender>(s => new WebhookCodeSender(
                s.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(WebhookCodeSender)),
                new Uri(webhook)
            ));
        }
        else
            services.AddSingleton<ICodeSender, LogCodeSender>();
        return services;
    }

    private static IEnumerable<string> Problems(ChatAiOptions.AuthOptions auth)
    {
        if (!PhoneNumberText.IsKnownRegion(auth.DefaultRegion))
            yield return "ChatAi:Auth:DefaultRegion must be an ISO 3166 country code in capitals, such as 'US'.";
        if (auth.CodeWebhook is { Length: > 0 } webhook && !IsWebAddress(webhook))
            yield return "ChatAi:Auth:CodeWebhook must be an http or https address.";
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");
}
