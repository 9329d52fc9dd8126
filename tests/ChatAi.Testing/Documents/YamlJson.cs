using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChatAi.Testing.Documents;

/// <summary>A YAML file as JSON: plain scalars become numbers, booleans or null by the core schema, quoted ones text.</summary>
internal static class YamlJson
{
    public static JsonElement Read(string path)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(path);
        yaml.Load(text);
        return JsonSerializer.SerializeToElement(Node(yaml.Documents[0].RootNode));
    }

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Node(pair.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
            YamlScalarNode quoted => JsonValue.Create(quoted.Value),
            _ => throw new NotSupportedException($"{node.NodeType} at line {node.Start.Line}"),
        };

    private static JsonNode? Plain(string text) =>
        text switch
        {
            "null" or "~" or "" => null,
            "true" or "false" => JsonValue.Create(text == "true"),
            _ when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
}
