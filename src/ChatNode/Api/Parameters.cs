using System.Globalization;
using System.Text;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Primitives;

namespace ChatAi.ChatNode.Api;

/// <summary>
/// Reads a request's route and query and remembers the first thing that is wrong with them, as <see cref="Fields"/> does
/// for bodies.
/// </summary>
public sealed class Parameters(HttpContext http)
{
    public Rejection? Error { get; private set; }

    public ChatId Chat() => new(Id("chat"));

    public UserId User() => new(Id("user"));

    public RunId Run() => new(Id("run"));

    public AttachmentId Attachment() => new(Id("attachment"));

    public DeviceId Device() => new(Id("device"));

    public ChatId? ChatOrNull(string name)
    {
        if (TextOrNull(name) is not { } text)
            return null;
        return Fields.IdOf(Encoding.UTF8.GetBytes(text)) is { } id
            ? new ChatId(id)
            : Wrong<ChatId>(name, "must be a UUID in lower case");
    }

    /// <summary>A UUID in canonical lower-case text.</summary>
    private Guid Id(string routeValue)
    {
        var text = http.GetRouteValue(routeValue) as string ?? "";
        return Fields.IdOf(Encoding.UTF8.GetBytes(text)) ?? Wrong<Guid>(routeValue, "must be a UUID in lower case");
    }

    /// <summary>A number of a chat's events: 0 or more.</summary>
    public long? SeqOrNull(string name)
    {
        if (TextOrNull(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : Wrong<long>(name, "must be a whole number of 0 or more");
    }

    /// <summary>1 or more; what is above <paramref name="most"/> counts as that.</summary>
    public int? LimitOrNull(string name, int most)
    {
        if (TextOrNull(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1
            ? (int)Math.Min(limit, most)
            : Wrong<int>(name, "must be a whole number of 1 or more");
    }

    public string Text(string name) => TextOrNull(name) ?? Wrong<string>(name, "is missing") ?? "";

    public string? TextOrNull(string name)
    {
        var values = http.Request.Query[name];
        if (StringValues.IsNullOrEmpty(values))
            return null;
        if (values.Count > 1)
            return Wrong<string>(name, "must be given once");
        return TextRules.IsStorable(values[0])
            ? values[0]
            : Wrong<string>(name, "must be valid Unicode without U+0000");
    }

    public void Fail(string message) => Error ??= new Rejection(ErrorCode.BadRequest, message);

    private T? Wrong<T>(string name, string what)
    {
        Fail($"'{name}' {what}.");
        return default;
    }
}
