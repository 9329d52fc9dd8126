namespace ChatAi.ChatNode.Ai.Models;

/// <summary>The words behind <c>model</c>.</summary>
public sealed record ModelArguments(string Verb, ModelOrder? Order = null, string? Name = null, bool Record = false)
{
    /// <exception cref="ModelException">They make no sense.</exception>
    public static ModelArguments Parse(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var (key, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!key.StartsWith("--", StringComparison.Ordinal))
                words.Add(args[i]);
            else if (key == "--record")
                options[key] = "";
            // Settings were read before.
            else if (key is "--sha256" or "--name" || key.StartsWith("--ChatAi:", StringComparison.OrdinalIgnoreCase))
                options[key] = value ?? (++i < args.Count ? args[i] : throw Wrong($"{key} lacks its value."));
            else
                throw Wrong($"{key} is not known.");
        }
        return words switch
        {
            ["get", var url] => new("get", OrderOf(url, options)),
            ["list"] => new("list"),
            ["verify"] => new("verify", Record: options.ContainsKey("--record")),
            ["verify", var name] => new("verify", Name: name, Record: options.ContainsKey("--record")),
            _ => throw Wrong("Which model?"),
        };
    }

    private static ModelOrder OrderOf(string url, Dictionary<string, string> options)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Wrong($"'{url}' is not an http or https address.");
        var sum = options.GetValueOrDefault("--sha256");
        if (sum is not null && !ModelSums.IsHex(sum))
            throw Wrong("--sha256 takes 64 hexadecimal digits.");
        return new ModelOrder(uri, sum?.ToLowerInvariant(), options.GetValueOrDefault("--name"));
    }

    private static ModelException Wrong(string why) => new(ModelExit.Usage, why);
}
