using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain.Ai;

namespace ChatAi.ChatNode.Api;

/// <summary>The assistant: ask, stop, see how an answer came about; the rolling summary of a chat.</summary>
public static class AiApi
{
    public static void MapAi(this RouteGroupBuilder v1)
    {
        v1.MapGet("/chats/{chat}/summary", SummaryAsync);
        v1.MapPost("/chats/{chat}/ai", AskAsync);
        v1.MapGet("/ai/runs/{run}", GetRunAsync);
        v1.MapDelete("/ai/runs/{run}", CancelAsync);
        v1.MapPost("/ai/runs/{run}/regenerate", RegenerateAsync);
    }

    private static async Task<IResult> SummaryAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        return (await chats.SummaryAsync(http.Caller().User, chat)).Answer(AiJson.WriteSummary);
    }

    private static async Task<IResult> AskAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        var request = await RequestBody.ReadAsync(
            http,
            static (ref Fields d) =>
                (
                    Kind: d.OneOf(
                        "kind"u8,
                        ("reply", AiRunKind.Reply),
                        ("summarize", AiRunKind.Summarize),
                        ("catchup", AiRunKind.CatchUp)
                    ),
                    Prompt: d.TextOrNull("prompt"u8),
                    Private: d.BoolOrNull("private"u8)
                )
        );
        if (!request.IsOk)
            return new Problem(request.Rejection);
        var (kind, prompt, isPrivate) = request.Value;
        var started = await chats.AskAsync(http.Caller().User, chat, kind, prompt, isPrivate);
        return started.Answer(AiJson.WriteStarted, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> GetRunAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var run = parameters.Run();
        if (parameters.Error is { } error)
            return new Problem(error);
        return (await chats.RunAsync(http.Caller().User, run)).Answer(AiJson.WriteRun);
    }

    private static async Task<IResult> RegenerateAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var run = parameters.Run();
        if (parameters.Error is { } error)
            return new Problem(error);
        var started = await chats.RegenerateAsync(http.Caller().User, run);
        return started.Answer(AiJson.WriteStarted, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var run = parameters.Run();
        if (parameters.Error is { } error)
            return new Problem(error);
        return Answers.NoContent((await chats.CancelAsync(http.Caller().User, run)).Rejection);
    }
}
