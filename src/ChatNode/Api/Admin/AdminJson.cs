using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Json;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>Answers to operators: few and small, so they are written as their records are.</summary>
internal static class AdminJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // As everywhere here: these are answers, never parts of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new TimeConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static IResult Answer<T>(T value) =>
        new Json(JsonSerializer.SerializeToUtf8Bytes(value, Options), StatusCodes.Status200OK);

    public static IResult Answer<T>(Outcome<T> outcome)
        where T : notnull => outcome.IsOk ? Answer(outcome.Value) : new Problem(outcome.Rejection);

    public static string CallerOf(HttpContext http) => ClientAddress.Of(http.Connection.RemoteIpAddress);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(JsonWriting.Format(value));
    }
}
