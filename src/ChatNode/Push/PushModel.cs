using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Push;

/// <summary>How a device wants to hear of messages. The words are stored and stand on the wire.</summary>
public static class PushKind
{
    public const string Log = "log";
    public const string Webhook = "webhook";
    public const string WebPush = "webpush";
}

/// <param name="PublicKey">The browser's key (Web Push), base64url; else empty.</param>
/// <param name="Secret">The browser's secret (Web Push), base64url, or the signing key (webhook), Base64; else empty.</param>
/// <param name="WithText">False: only that there is something new.</param>
public sealed record PushSubscription(
    string Kind,
    string Endpoint,
    string PublicKey,
    string Secret,
    bool WithText,
    DateTimeOffset CreatedAt
);

/// <summary>A row of the outbox that this node has for now.</summary>
/// <param name="Target">The device that subscribed; empty for the site's own sender.</param>
/// <param name="Seq">Newest message of the chat that the user is to hear of.</param>
/// <param name="Attempts">That failed.</param>
public sealed record OutboxRow(
    string Chat,
    string User,
    string Target,
    long Seq,
    DateTimeOffset CreatedAt,
    int Attempts
);

/// <summary>A push that was given up.</summary>
public sealed record DeadLetter(
    string Chat,
    string User,
    string Device,
    long Seq,
    DateTimeOffset CreatedAt,
    DateTimeOffset DeadAt,
    int Attempts,
    string Error
);

/// <summary>Member, chat and message as the read tables have them right before sending.</summary>
public sealed record PushFacts(
    long From,
    long Recv,
    long Read,
    long Unread,
    bool Muted,
    string? Title,
    MessageId Message,
    UserId Sender,
    bool Deleted,
    string Text,
    string? SenderName,
    bool IsAi
);

/// <summary>What the user's entity says right before sending.</summary>
public sealed record Reach(bool Online, bool BlocksSender);

/// <summary>What a device is told.</summary>
/// <param name="Id">The same at every attempt.</param>
public sealed record PushNote(string Id, OutboxRow Row, PushFacts Facts, bool WithText);

public enum PushOutcome
{
    Sent = 1,

    /// <summary>Failed; later it may go.</summary>
    Failed = 2,

    /// <summary>The receiver does not exist any longer.</summary>
    Gone = 3,
}

/// <param name="After">The receiver asked to wait so long.</param>
public sealed record PushResult(PushOutcome Outcome, string? Error = null, TimeSpan? After = null)
{
    public static readonly PushResult Sent = new(PushOutcome.Sent);
}

/// <summary>A way to a device. Throws nothing but cancellation.</summary>
public interface IPushSender
{
    /// <summary>One of <see cref="PushKind"/>.</summary>
    string Kind { get; }

    Task<PushResult> SendAsync(PushNote note, PushSubscription to, CancellationToken cancel);
}
