using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatAi.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ChatAi.Containers.Tests.Files;

/// <summary>The files that users get, as text and as trees.</summary>
public static partial class DockerFolder
{
    public static string Root { get; } = RepositoryRoot.Find();

    public static string Path(string name) => System.IO.Path.Combine(Root, "docker", name);

    public static string Text(string name) => File.ReadAllText(Path(name));

    /// <summary>One YAML document with its anchors and merges resolved; every scalar is a string.</summary>
    public static JsonNode Yaml(string name)
    {
        var tree = new DeserializerBuilder()
            .Build()
            .Deserialize(new MergingParser(new Parser(new StringReader(Text(name)))));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(tree))!;
    }

    /// <summary><c>KEY=value</c> lines; comments and empty lines apart.</summary>
    public static Dictionary<string, string> Env(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    public static IEnumerable<string> Names(JsonNode? tree) => tree?.AsObject().Select(entry => entry.Key) ?? [];

    public static IEnumerable<string> Strings(JsonNode? list) =>
        list?.AsArray().Select(item => item!.GetValue<string>()) ?? [];

    /// <summary>Names of what must not be known to others.</summary>
    [GeneratedRegex(
        "(PASSWORD|SIGNING_?KEY|API_?KEY|TOKEN|SECRET)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    public static partial Regex Secret();
}
