using System.Text.Json;

namespace ChatAi.Testing.Documents;

/// <summary>What went over the wire is not what <c>asyncapi.yaml</c> or <c>openapi.v1.json</c> says.</summary>
public sealed class UndocumentedException(string message) : Exception(message);

/// <summary>
/// Holds frames and HTTP answers to the project's own documents. A request is held to them only once the server took it:
/// tests send wrong ones on purpose.
/// </summary>
public static class ProtocolDocuments
{
    private const string Folder = "src/ChatNode/Api/Documents";

    private static readonly Lazy<JsonElement> AsyncApi = new(() => YamlJson.Read(PathOf("asyncapi.yaml")));
    private static readonly Lazy<JsonElement> OpenApi = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(PathOf("openapi.v1.json"))).RootElement
    );

    /// <summary>Off unless a test project switches it on: load generators have other things to measure.</summary>
    public static bool AreChecked { get; set; }

    /// <summary>The <c>op</c>s that clients may send.</summary>
    public static IReadOnlyList<string> Ops =>
        [
            .. AsyncApi
                .Value.GetProperty("operations")
                .EnumerateObject()
                .Where(operation => operation.Value.GetProperty("action").GetString() == "receive")
                .Select(operation => operation.Name)
                .Where(name => name != "ping"),
        ];

    /// <summary>Every HTTP call, and whether it needs a person's token.</summary>
    public static IReadOnlyList<(string Method, string Path, bool NeedsToken)> Calls =>
        [
            .. OpenApi
                .Value.GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Where(operation => operation.Value.TryGetProperty("security", out _))
                        .Select(operation =>
                            (
                                operation.Name.ToUpperInvariant(),
                                path.Name,
                                operation.Value.GetProperty("security").GetArrayLength() > 0
                                    && !path.Name.StartsWith("/v1/admin/", StringComparison.Ordinal)
                            )
                        )
                ),
        ];

    /// <summary>An event, a ping or an answer with <c>err</c> from the server.</summary>
    public static void CheckFrame(JsonElement frame)
    {
        if (!AreChecked)
        {
            return;
        }

        var message =
            frame.TryGetProperty("ev", out var ev) ? $"ev.{ev.GetString()}"
            : frame.TryGetProperty("err", out _) ? "err"
            : "ping";
        CheckMessage(message, frame);
    }

    /// <summary>A request and the <c>ok</c> it got; <paramref name="answer"/> is the whole frame.</summary>
    public static void CheckExchange(JsonElement request, JsonElement answer)
    {
        if (AreChecked && request.TryGetProperty("op", out var op))
        {
            CheckMessage(op.GetString()!, request);
            CheckMessage($"{op.GetString()}.ok", answer);
        }
    }

    /// <summary>A call that the server answered with 2xx, and its answer.</summary>
    public static void CheckCall(string method, string path, int status, JsonElement? body, JsonElement? answer)
    {
        if (!AreChecked)
        {
            return;
        }

        var route = path.Split('?')[0];
        var operation = Operation(method, route);
        if (
            body is { } sent
            && operation.TryGetProperty("requestBody", out var wanted)
            && Json(wanted, "application/json") is { } sentSchema
        )
        {
            Hold(OpenApi.Value, sent, sentSchema, $"the body of {method} {route}", "openapi.v1.json");
        }

        var responses = operation.GetProperty("responses");
        if (!responses.TryGetProperty($"{status}", out var response))
        {
            throw new UndocumentedException(
                $"{method} {route} answered {status}, which {Folder}/openapi.v1.json lacks."
            );
        }

        var schema = Json(response, "application/json");
        if (answer is { } got && schema is { } gotSchema)
        {
            Hold(OpenApi.Value, got, gotSchema, $"the answer of {method} {route}", "openapi.v1.json");
        }
        else if (answer is null != schema is null)
        {
            throw new UndocumentedException(
                $"{method} {route} answered {status} {(answer is null ? "without" : "with")} JSON, otherwise than {Folder}/openapi.v1.json says."
            );
        }
    }

    private static void CheckMessage(string name, JsonElement frame)
    {
        if (!AsyncApi.Value.GetProperty("components").GetProperty("messages").TryGetProperty(name, out var message))
        {
            throw new UndocumentedException(
                $"The message {name} is not in {Folder}/asyncapi.yaml: add it to components.messages, to channels.socket.messages "
                    + $"and to operations (events: to `durable` or `ephemeral`; durable ones also to DurableEvent). It was {frame}"
            );
        }

        Hold(AsyncApi.Value, frame, message.GetProperty("payload"), name, "asyncapi.yaml");
    }

    private static void Hold(JsonElement document, JsonElement value, JsonElement schema, string what, string file)
    {
        var wrong = new JsonSchemas(document).Check(value, schema);
        if (wrong.Count > 0)
        {
            throw new UndocumentedException(
                $"{what} is not what {Folder}/{file} says:\n  {string.Join("\n  ", wrong)}\nIt was {value}"
            );
        }
    }

    private static JsonElement Operation(string method, string route)
    {
        var steps = route.Split('/');
        var found = OpenApi
            .Value.GetProperty("paths")
            .EnumerateObject()
            .Where(path => Fits(path.Name.Split('/'), steps) && path.Value.TryGetProperty(Lower(method), out _))
            // Of `/users/lookup` and `/users/{id}` the one with fewer parameters was meant.
            .OrderBy(path => path.Name.Count(letter => letter == '{'))
            .Select(path => path.Value.GetProperty(Lower(method)))
            .Take(1)
            .ToList();
        return found.Count == 1
            ? found[0]
            : throw new UndocumentedException($"{method} {route} is not in {Folder}/openapi.v1.json: add it to paths.");
    }

    private static bool Fits(string[] template, string[] steps) =>
        template.Length == steps.Length
        && template.Zip(steps).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);

    private static JsonElement? Json(JsonElement holder, string type) =>
        holder.TryGetProperty("content", out var content)
        && content.TryGetProperty(type, out var media)
        && media.TryGetProperty("schema", out var schema)
            ? schema
            : null;

    private static string Lower(string method) => method.ToLowerInvariant();

    private static string PathOf(string file) => Path.Combine(RepositoryRoot.Find(), Folder, file);
}
