using System.Globalization;
using System.Text.Json;

namespace ChatAi.Testing.Documents;

/// <summary>
/// Validates JSON against the schemas of one document: the keywords that the project's documents use, each with its full
/// meaning. A keyword it does not know is an error, so that nothing in a document is silently without effect.
/// </summary>
/// <remarks>
/// Stricter than JSON Schema in one thing: an object with <c>properties</c> and no <c>additionalProperties</c> may hold
/// no others. Clients must ignore fields they do not know, but a document must know what the server sends.
/// </remarks>
public sealed class JsonSchemas(JsonElement document)
{
    /// <summary>What is wrong with a value, each line beginning with its path; empty where nothing is.</summary>
    public IReadOnlyList<string> Check(JsonElement value, JsonElement schema)
    {
        var wrong = new List<string>();
        Check(value, schema, "$", wrong);
        return wrong;
    }

    /// <summary>The element that a pointer such as <c>#/components/schemas/Chat</c> names.</summary>
    public JsonElement Find(string reference)
    {
        var found = document;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!found.TryGetProperty(name, out found))
            {
                throw new InvalidOperationException($"The document has no {reference}.");
            }
        }

        return found;
    }

    private void Check(JsonElement value, JsonElement schema, string path, List<string> wrong)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, Find(reference.GetString()!), path, wrong);
            return;
        }

        var before = wrong.Count;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (keyword.Name == "type")
            {
                CheckType(value, keyword.Value, path, wrong);
            }
        }

        if (wrong.Count > before)
        {
            // The rest would only say the same again.
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            CheckKeyword(value, schema, keyword, path, wrong);
        }
    }

    private void CheckKeyword(
        JsonElement value,
        JsonElement schema,
        JsonProperty keyword,
        string path,
        List<string> wrong
    )
    {
        var limit = keyword.Value;
        switch (keyword.Name)
        {
            case "type" or "description" or "default" or "title" or "examples" or "summary" or "example":
                break;
            case "properties":
                CheckProperties(value, schema, limit, path, wrong);
                break;
            case "additionalProperties":
                CheckOthers(value, schema, limit, path, wrong);
                break;
            case "required":
                foreach (var name in limit.EnumerateArray().Select(name => name.GetString()!))
                {
                    Expect(!IsObject(value) || value.TryGetProperty(name, out _), $"{path}.{name} is missing", wrong);
                }

                break;
            case "items":
                if (value.ValueKind == JsonValueKind.Array)
                {
                    foreach (var (at, item) in value.EnumerateArray().Index())
                    {
                        Check(item, limit, $"{path}[{at}]", wrong);
                    }
                }

                break;
            case "oneOf":
                CheckOneOf(value, limit, path, wrong);
                break;
            case "const":
                Expect(JsonElement.DeepEquals(value, limit), $"{path} is {Short(value)}, not {limit}", wrong);
                break;
            case "enum":
                Expect(
                    limit.EnumerateArray().Any(one => JsonElement.DeepEquals(value, one)),
                    $"{path} is {Short(value)}, not one of {limit.GetRawText()}",
                    wrong
                );
                break;
            case "format":
                Expect(HasFormat(value, limit.GetString()!), $"{path} is no {limit}: {Short(value)}", wrong);
                break;
            case "minimum"
            or "maximum"
            or "minLength"
            or "maxLength"
            or "minItems"
            or "maxItems"
            or "minProperties"
            or "maxProperties":
                CheckSize(value, keyword, path, wrong);
                break;
            default:
                throw new NotSupportedException($"{nameof(JsonSchemas)} does not know the keyword {keyword.Name}.");
        }
    }

    private void CheckProperties(
        JsonElement value,
        JsonElement schema,
        JsonElement known,
        string path,
        List<string> wrong
    )
    {
        if (!IsObject(value))
        {
            return;
        }

        var isClosed = !schema.TryGetProperty("additionalProperties", out _);
        foreach (var field in value.EnumerateObject())
        {
            if (known.TryGetProperty(field.Name, out var schemaOfField))
            {
                Check(field.Value, schemaOfField, $"{path}.{field.Name}", wrong);
            }
            else
            {
                Expect(!isClosed, $"{path}.{field.Name} is not in the document", wrong);
            }
        }
    }

    private void CheckOthers(
        JsonElement value,
        JsonElement schema,
        JsonElement schemaOfOthers,
        string path,
        List<string> wrong
    )
    {
        if (!IsObject(value) || schemaOfOthers.ValueKind == JsonValueKind.True)
        {
            return;
        }

        foreach (var field in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(field.Name, out _))
            {
                continue;
            }

            if (schemaOfOthers.ValueKind == JsonValueKind.False)
            {
                wrong.Add($"{path}.{field.Name} is not in the document");
            }
            else
            {
                Check(field.Value, schemaOfOthers, $"{path}.{field.Name}", wrong);
            }
        }
    }

    private void CheckOneOf(JsonElement value, JsonElement branches, string path, List<string> wrong)
    {
        var tried = branches
            .EnumerateArray()
            .Select(branch =>
            {
                var found = new List<string>();
                Check(value, branch, path, found);
                return found;
            })
            .ToList();
        var fitting = tried.Count(found => found.Count == 0);
        if (fitting != 1)
        {
            wrong.Add($"{path} fits {fitting} of {tried.Count} alternatives");
            // The nearest alternative is most likely the one that was meant.
            wrong.AddRange(fitting == 0 ? tried.MinBy(found => found.Count)! : []);
        }
    }

    private static void CheckType(JsonElement value, JsonElement type, string path, List<string> wrong)
    {
        var allowed =
            type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(one => one.GetString()!).ToList()
                : [type.GetString()!];
        Expect(
            allowed.Any(name => IsType(value, name)),
            $"{path} is {Short(value)}, not {string.Join(" or ", allowed)}",
            wrong
        );
    }

    private static bool IsType(JsonElement value, string type) =>
        type switch
        {
            "object" => IsObject(value),
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => throw new NotSupportedException($"No type {type} in JSON Schema."),
        };

    private static bool HasFormat(JsonElement value, string format) =>
        value.ValueKind != JsonValueKind.String
        || format switch
        {
            // Ids are lower-case on the wire.
            "uuid" => Guid.TryParseExact(value.GetString(), "D", out var id) && $"{id}" == value.GetString(),
            "date-time" => DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
            "uri" => Uri.TryCreate(value.GetString(), UriKind.Absolute, out _),
            // Notes for a reader more than rules for a value.
            "int32" or "int64" or "double" or "binary" or "byte" or "password" => true,
            _ => throw new NotSupportedException($"{nameof(JsonSchemas)} does not know the format {format}."),
        };

    private static void CheckSize(JsonElement value, JsonProperty keyword, string path, List<string> wrong)
    {
        double? size = (keyword.Name, value.ValueKind) switch
        {
            ("minimum" or "maximum", JsonValueKind.Number) => value.GetDouble(),
            ("minLength" or "maxLength", JsonValueKind.String) => value.GetString()!.Length,
            ("minItems" or "maxItems", JsonValueKind.Array) => value.GetArrayLength(),
            ("minProperties" or "maxProperties", JsonValueKind.Object) => value.EnumerateObject().Count(),
            _ => null,
        };
        var limit = keyword.Value.GetDouble();
        var isRight = keyword.Name.StartsWith("min", StringComparison.Ordinal) ? !(size < limit) : !(size > limit);
        Expect(isRight, $"{path} breaks {keyword.Name} {limit}: {Short(value)}", wrong);
    }

    private static void Expect(bool isRight, string otherwise, List<string> wrong)
    {
        if (!isRight)
        {
            wrong.Add(otherwise);
        }
    }

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 60 ? text[..60] + "…" : text;
    }
}
