using System.CommandLine;

namespace ChatAi.Bench.Sockets;

/// <summary>An option that takes the address of a server.</summary>
public static class UrlOption
{
    public static Option<Uri?> Create(string name, string description, string? otherwise = null)
    {
        var option = new Option<Uri?>(name)
        {
            Description = description,
            CustomParser = given =>
            {
                if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var url))
                {
                    return url;
                }

                given.AddError($"{name} takes an address such as http://localhost:5080.");
                return null;
            },
        };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => new Uri(otherwise);
        }

        return option;
    }
}
