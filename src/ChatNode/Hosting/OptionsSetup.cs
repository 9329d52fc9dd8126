using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Hosting;

/// <summary>A configuration that cannot be run with; its message is one line for the operator.</summary>
public sealed class ConfigurationException(string message) : Exception(message);

public static class OptionsSetup
{
    /// <summary>Reads and checks the section <c>ChatAi</c>: unknown keys and impossible values stop the start.</summary>
    /// <exception cref="ConfigurationException">Names the key and what is wrong with it.</exception>
    public static ChatAiOptions AddChatAiOptions(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ChatAiOptions.Section);
        ChatAiOptions options;
        try
        {
            options = section.Get<ChatAiOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new ConfigurationException($"Configuration: {(unreadable.InnerException ?? unreadable).Message}");
        }
        var problems = Problems(options, ChatAiOptions.Section).ToList();
        if (
            options.Database == "postgres"
            && builder.Configuration.GetConnectionString("ChatAi") is not { Length: > 0 }
        )
            problems.Add("ConnectionStrings:ChatAi is required with ChatAi:Database=postgres.");
        if (problems.Count > 0)
            throw new ConfigurationException($"Configuration: {string.Join(" ", problems)}");
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(Options.Create(options));
        return options;
    }

    private static IEnumerable<string> Problems(object options, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
            yield return $"{path}: {result.ErrorMessage}";
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.PropertyType.DeclaringType != typeof(ChatAiOptions))
                continue;
            if (property.GetValue(options) is { } nested and not IEnumerable)
                foreach (var problem in Problems(nested, $"{path}:{property.Name}"))
                    yield return problem;
        }
    }
}
