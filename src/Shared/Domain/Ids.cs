using System.Globalization;

namespace ChatAi.Shared.Domain;

/// <summary>A chat's id: a UUID, version 7 for new chats; canonical lower-case text on the wire.</summary>
public readonly record struct ChatId(Guid Value)
{
    public static ChatId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>A user's id: a UUID, version 7 for people, fixed for the assistant.</summary>
public readonly record struct UserId(Guid Value)
{
    /// <summary>The assistant, a user like any other (docs/protocol.md).</summary>
    public static readonly UserId Assistant = new(new Guid("00000000-0000-0000-0000-0000000000a1"));

    public const string AssistantName = "AI";

    public bool IsAssistant => this == Assistant;

    public static UserId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>The server's id of a message, version 7; unique in the whole system.</summary>
public readonly record struct MessageId(Guid Value)
{
    public static MessageId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>The client's id of a message (<c>cid</c>): any UUID, unique for one sender in one chat.</summary>
public readonly record struct ClientMessageId(Guid Value)
{
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>An upload, and the file of a message that came of it; version 7.</summary>
public readonly record struct AttachmentId(Guid Value)
{
    public static AttachmentId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>One request to the assistant, from its asking to its end.</summary>
public readonly record struct RunId(Guid Value)
{
    public static RunId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>A logged-in device of a user: the owner of one chain of refresh tokens.</summary>
public readonly record struct DeviceId(Guid Value)
{
    public static DeviceId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}
