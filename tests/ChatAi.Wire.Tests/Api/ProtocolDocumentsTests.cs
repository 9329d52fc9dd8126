using System.Text.Json;
using ChatAi.Testing.Documents;

namespace ChatAi.Wire.Tests.Api;

/// <summary>The check that holds the end-to-end tests' frames to the documents finds what is wrong.</summary>
public sealed class ProtocolDocumentsTests
{
    private const string Chat = "01890000-0000-7000-8000-000000000001";

    public ProtocolDocumentsTests() => ProtocolDocuments.AreChecked = true;

    [Theory]
    [InlineData("""{"ev":"typing","chat":"CHAT","d":{"user":"CHAT","on":true}}""")]
    [InlineData(
        """{"ev":"member.role","chat":"CHAT","seq":2,"ts":"2026-01-01T00:00:00.000Z","d":{"user":"CHAT","role":"admin","by":"CHAT"}}"""
    )]
    [InlineData("{}")]
    public void Should_let_a_documented_frame_pass(string frame) => ProtocolDocuments.CheckFrame(Json(frame));

    [Theory]
    [InlineData("""{"ev":"typing","chat":"CHAT","d":{"user":"CHAT","on":"yes"}}""", "$.d.on is \"yes\", not boolean")]
    [InlineData("""{"ev":"typing","chat":"CHAT","d":{"user":"CHAT"}}""", "$.d.on is missing")]
    [InlineData(
        """{"ev":"typing","chat":"CHAT","d":{"user":"CHAT","on":true,"new":1}}""",
        "$.d.new is not in the document"
    )]
    [InlineData("""{"ev":"typing","chat":"no id","d":{"user":"CHAT","on":true}}""", "$.chat is no uuid")]
    [InlineData(
        """{"ev":"no.such","d":{}}""",
        "The message ev.no.such is not in src/ChatNode/Api/Documents/asyncapi.yaml: add it"
    )]
    [InlineData("""{"x":1}""", "breaks maxProperties 0")]
    public void Should_say_what_is_wrong_and_where(string frame, string told)
    {
        var wrong = Assert.Throws<UndocumentedException>(() => ProtocolDocuments.CheckFrame(Json(frame)));
        Assert.Contains(told, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_let_a_request_without_needed_fields_go_without_d() =>
        ProtocolDocuments.CheckExchange(
            Json("""{"id":1,"op":"chat.list"}"""),
            Json("""{"re":1,"ok":{"chats":[],"next":null}}""")
        );

    [Fact]
    public void Should_hold_an_answer_to_its_request()
    {
        var request = Json("""{"id":1,"op":"message.edit","d":{"chat":"CHAT","seq":1,"text":"x"}}""");
        ProtocolDocuments.CheckExchange(request, Json("""{"re":1,"ok":{"seq":3}}"""));
        Assert.Throws<UndocumentedException>(() =>
            ProtocolDocuments.CheckExchange(request, Json("""{"re":1,"ok":{"number":3}}"""))
        );
        Assert.Throws<UndocumentedException>(() =>
            ProtocolDocuments.CheckExchange(Json("""{"id":1,"op":"no.such","d":{}}"""), Json("""{"re":1,"ok":{}}"""))
        );
    }

    [Theory]
    [InlineData("GET", "/v1/users/CHAT", 200, """{"id":"CHAT"}""", "display_name is missing")]
    [InlineData("GET", "/v1/nowhere", 200, "{}", "GET /v1/nowhere is not in")]
    [InlineData("GET", "/v1/me", 418, "{}", "answered 418")]
    public void Should_hold_http_answers_to_openapi(string method, string path, int status, string answer, string told)
    {
        var wrong = Assert.Throws<UndocumentedException>(() =>
            ProtocolDocuments.CheckCall(
                method,
                path.Replace("CHAT", Chat, StringComparison.Ordinal),
                status,
                null,
                Json(answer)
            )
        );
        Assert.Contains(told, wrong.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) =>
        JsonDocument.Parse(text.Replace("CHAT", Chat, StringComparison.Ordinal)).RootElement;
}
