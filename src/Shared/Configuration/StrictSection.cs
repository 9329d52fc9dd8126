using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ChatAi.Shared.Configuration;

/// <summary>Reads a section of the configuration into a typed object and says everything that is wrong with it.</summary>
public static class StrictSection
{
    /// <exception cref="ConfigurationException">A key that is not known, or a value of another type.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true)
                ?? new();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new ConfigurationException($"Configuration: {(unreadable.InnerException ?? unreadable).Message}");
        }
    }

    /// <summary>What the attributes and <see cref="IValidatableObject"/> of it and of its nested settings find.</summary>
    public static IEnumerable<string> Problems(object settings, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        foreach (var result in results)
            yield return $"{path}: {result.ErrorMessage}";
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.PropertyType.Namespace?.StartsWith(nameof(ChatAi), StringComparison.Ordinal) is not true)
                continue;
            if (property.GetValue(settings) is { } nested and not IEnumerable)
                foreach (var problem in Problems(nested, $"{path}:{property.Name}"))
                    yield return problem;
        }
    }

    /// <exception cref="ConfigurationException">There is a problem: all of them in one line.</exception>
    public static void Require(IReadOnlyCollection<string> problems)
    {
        if (problems.Count > 0)
            throw new ConfigurationException($"Configuration: {string.Join(" ", problems)}");
    }
}
