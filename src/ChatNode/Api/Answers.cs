using System.Text.Json;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>Outcomes as HTTP answers.</summary>
public static class Answers
{
    public static IResult Answer<T>(this Outcome<T> outcome, Action<Utf8JsonWriter, T> write, int status = 200)
        where T : notnull =>
        outcome.IsOk ? new Json(JsonBytes.Write(outcome.Value, write), status) : new Problem(outcome.Rejection);

    public static IResult NoContent(Rejection? rejection) =>
        rejection is null ? Results.NoContent() : new Problem(rejection);
}

/// <summary>A JSON answer whose bytes are made.</summary>
public sealed class Json(byte[] body, int status) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        return WriteAsync(httpContext.Response, "application/json; charset=utf-8", body);
    }

    internal static async Task WriteAsync(HttpResponse response, string contentType, byte[] body)
    {
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }
}
