using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Api;

/// <summary>Reading a chat and writing into it without a socket: the door for bots.</summary>
public static class MessagesApi
{
    public static void MapMessages(this RouteGroupBuilder v1)
    {
        var messages = v1.MapGroup("/chats/{chat}/messages");
        messages.MapGet("", PageAsync);
        messages.MapPost("", SendAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, ChatOperations chats)
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        var (before, after) = (parameters.SeqOrNull("before"), parameters.SeqOrNull("after"));
        if (before is not null && after is not null)
            parameters.Fail("At most one of 'before' and 'after' may be given.");
        var limit = parameters.LimitOrNull("limit", Limits.HistoryPage);
        if (parameters.Error is { } error)
            return new Problem(error);
        var page = await chats.HistoryAsync(http.Caller().User, chat, before, after, limit);
        return page.Answer(ChatJson.WriteMessages);
    }

    private static async Task<IResult> SendAsync(
        HttpContext http,
        ChatOperations chats,
        AttachmentOperations attachments,
        RateLimits rate,
        SendAdmission admission
    )
    {
        var parameters = new Parameters(http);
        var chat = parameters.Chat();
        if (parameters.Error is { } error)
            return new Problem(error);
        var message = await RequestBody.ReadAsync(
            http,
            static (ref Fields d) =>
                (
                    Cid: new ClientMessageId(d.Id("cid"u8)),
                    Text: d.Text("text"u8),
                    ReplyTo: d.SeqOrNull("reply_to"u8),
                    Attachments: RequestCodec.Attachments(ref d)
                )
        );
        if (!message.IsOk)
            return new Problem(message.Rejection);
        var by = http.Caller().User;
        if (rate.Check(by) is { } tooFast)
            return new Problem(tooFast);
        var (cid, text, replyTo, files) = message.Value;
        var send = new ChatCommands.SendMessage(by, cid, text, replyTo) { AttachmentIds = files };
        if (admission.TryEnter() is { } tooMuch)
            return new Problem(tooMuch);
        try
        {
            var sent = files.Count == 0 ? await chats.SendAsync(chat, send) : await attachments.SendAsync(chat, send);
            return sent.Answer((w, answer) => ChatJson.WriteSent(w, chat, answer));
        }
        finally
        {
            admission.Leave();
        }
    }
}
