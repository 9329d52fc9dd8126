using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Api;

/// <summary>Conversations and who is in them.</summary>
public static class ChatsApi
{
    public static void MapChats(this RouteGroupBuilder v1)
    {
        var chats = v1.MapGroup("/chats");
        chats.MapGet("", ListAsync);
        chats.MapPost("", CreateAsync);
        chats.MapGet("/{chat}", GetAsync);
        chats.MapPatch("/{chat}", SetAsync);
        chats.MapPost("/{chat}/members", AddMembersAsync);
        chats.MapDelete("/{chat}/members/{user}", RemoveMemberAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var limit = parameters.LimitOrNull("limit", ChatOperations.ChatsMost);
        var before = parameters.TextOrNull("before");
        if (parameters.Error is { } error)
            return new Problem(error);
        return (await chats.ListAsync(http.Caller().User, limit, before)).Answer(ChatJson.WriteChats);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ChatOperations chats)
    {
        var request = await RequestBody.ReadAsync(
            http,
            static (ref Fields d) =>
                (
                    Type: d.OneOf("type"u8, ("1_to_1", ChatType.OneToOne), ("group", ChatType.Group)),
                    Members: Users(ref d, "members"u8),
                    Title: d.TextOrNull("title"u8)
                )
        );
        if (!request.IsOk)
            return new Problem(request.Rejection);
        var (type, members, title) = request.Value;
        return (await chats.CreateAsync(http.Caller().User, type, members, title)).Answer(ChatJson.WriteChat);
    }

    private static async Task<IResult> GetAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        return (await chats.GetAsync(http.Caller().User, chat)).Answer(ChatJson.WriteChat);
    }

    private static async Task<IResult> SetAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        var by = http.Caller().User;
        var command = await RequestBody.ReadAsync(
            http,
            (ref Fields d) =>
                new ChatCommands.SetChat(
                    by,
                    d.TextOrNull("title"u8),
                    d.BoolOrNull("ai_enabled"u8),
                    d.BoolOrNull("muted"u8),
                    d.BoolOrNull("archived"u8),
                    d.BoolOrNull("pinned"u8),
                    RequestCodec.Summon(ref d),
                    d.BoolOrNull("ai_unasked"u8)
                )
        );
        if (!command.IsOk)
            return new Problem(command.Rejection);
        return (await chats.SetAsync(chat, command.Value)).Answer(ChatJson.WriteChat);
    }

    private static async Task<IResult> AddMembersAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        var users = await RequestBody.ReadAsync(http, static (ref Fields d) => Users(ref d, "users"u8));
        if (!users.IsOk)
            return new Problem(users.Rejection);
        return (await chats.AddMembersAsync(http.Caller().User, chat, users.Value)).Answer(ChatJson.WriteNumbered);
    }

    private static async Task<IResult> RemoveMemberAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var (chat, user) = (parameters.Chat(), parameters.User());
        if (parameters.Error is { } error)
            return new Problem(error);
        var removed = await chats.ChangeAsync(chat, new ChatCommands.RemoveMember(http.Caller().User, user));
        return removed.Answer(ChatJson.WriteNumbered);
    }

    private static UserId[] Users(ref Fields d, ReadOnlySpan<byte> name) =>
        [.. d.Ids(name, Limits.GroupMembers).Select(id => new UserId(id))];
}
