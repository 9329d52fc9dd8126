using System.Text.Json;

namespace ChatAi.Testing;

/// <summary>The ops of protocol v1 that tests use most, by name.</summary>
public static class ChatClientOps
{
    public static Task<SendAnswer> SendAsync(
        this ChatClient client,
        Guid chat,
        string text,
        Guid? cid = null,
        long? replyTo = null
    ) =>
        client.RequestAsync<SendAnswer>(
            "message.send",
            new
            {
                chat,
                cid = cid ?? Guid.CreateVersion7(),
                text,
                replyTo,
            }
        );

    /// <summary>Sends to a person: the 1:1 chat is made where there is none.</summary>
    public static Task<SendAnswer> SendToAsync(this ChatClient client, Guid to, string text, Guid? cid = null) =>
        client.RequestAsync<SendAnswer>(
            "message.send",
            new
            {
                to,
                cid = cid ?? Guid.CreateVersion7(),
                text,
            }
        );

    public static Task<ChatInfo> CreateChatAsync(
        this ChatClient client,
        string type,
        IEnumerable<Guid> members,
        string? title = null
    ) =>
        client.RequestAsync<ChatInfo>(
            "chat.create",
            new
            {
                type,
                members,
                title,
            }
        );

    public static Task<ChatInfo> GetChatAsync(this ChatClient client, Guid chat) =>
        client.RequestAsync<ChatInfo>("chat.get", new { chat });

    public static Task<ChatPage> ListChatsAsync(this ChatClient client, int? limit = null, string? before = null) =>
        client.RequestAsync<ChatPage>("chat.list", new { limit, before });

    public static Task<MessagePage> HistoryAsync(
        this ChatClient client,
        Guid chat,
        long? before = null,
        long? after = null,
        int? limit = null
    ) =>
        client.RequestAsync<MessagePage>(
            "history.get",
            new
            {
                chat,
                before,
                after,
                limit,
            }
        );

    public static Task<JsonElement> AckAsync(this ChatClient client, Guid chat, long? recv = null, long? read = null) =>
        client.RequestAsync(
            "ack",
            new
            {
                chat,
                recv,
                read,
            }
        );

    public static Task<RunStarted> AskAiAsync(
        this ChatClient client,
        Guid chat,
        string kind,
        string? prompt = null,
        bool? isPrivate = null
    ) =>
        client.RequestAsync<RunStarted>(
            "ai.ask",
            new Dictionary<string, object?>
            {
                ["chat"] = chat,
                ["kind"] = kind,
                ["prompt"] = prompt,
                ["private"] = isPrivate,
            }
                .Where(field => field.Value is not null)
                .ToDictionary()
        );
}
