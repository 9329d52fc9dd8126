using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;

namespace ChatAi.ChatNode.Api;

/// <summary>Whom the caller blocks.</summary>
public static class BlocksApi
{
    public static void MapBlocks(this RouteGroupBuilder v1)
    {
        var blocks = v1.MapGroup("/blocks");
        blocks.MapGet(
            "",
            async (HttpContext http, BlockOperations operations) =>
                (await operations.ListAsync(http.Caller().User)).Answer(WriteList)
        );
        blocks.MapGet("/{user}", (HttpContext http, BlockOperations operations) => OneAsync(http, operations, null));
        blocks.MapPut("/{user}", (HttpContext http, BlockOperations operations) => OneAsync(http, operations, true));
        blocks.MapDelete(
            "/{user}",
            (HttpContext http, BlockOperations operations) => OneAsync(http, operations, false)
        );
    }

    /// <param name="set">Null only asks.</param>
    private static async Task<IResult> OneAsync(HttpContext http, BlockOperations blocks, bool? set)
    {
        var parameters = new Parameters(http);
        var user = parameters.User();
        if (parameters.Error is { } error)
            return new Problem(error);
        var by = http.Caller().User;
        var state = set is { } blocked ? await blocks.SetAsync(by, user, blocked) : await blocks.GetAsync(by, user);
        return state.Answer(WriteState);
    }

    private static void WriteList(Utf8JsonWriter w, BlockedPeople people)
    {
        w.WriteStartObject();
        WriteBlocks(w, people);
        w.WriteEndObject();
    }

    public static void WriteBlocks(Utf8JsonWriter w, BlockedPeople people)
    {
        w.WriteStartArray("blocks"u8);
        foreach (var blocked in people.Blocked)
            WriteState(w, new BlockState(blocked.User, blocked.At));
        w.WriteEndArray();
    }

    private static void WriteState(Utf8JsonWriter w, BlockState state)
    {
        w.WriteStartObject();
        w.WriteString("user"u8, state.User.Value);
        w.WriteBoolean("blocked"u8, state.Since is not null);
        w.WriteTimeOrNull("since"u8, state.Since);
        w.WriteEndObject();
    }
}
