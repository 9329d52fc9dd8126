using System.Diagnostics;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>
/// Spans that follow one message from socket to socket: <c>frame.receive</c> on the sender's node, <c>chat.persist</c>
/// where the chat is, <c>user.deliver</c> where a member's entity is, <c>frame.send</c> on the member's node. They hold
/// ids and numbers, never words or phone numbers. Without a listener each call is one comparison.
/// </summary>
public static class Tracing
{
    public const string SourceName = "ChatAi";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The beginning of a trace.</summary>
    public static Activity? Begin(string name) =>
        Source.HasListeners() ? Start(name, ActivityKind.Server, default) : null;

    /// <summary>A part of the work that <paramref name="trace"/> names; null where nobody traces it.</summary>
    /// <param name="trace">A W3C <c>traceparent</c>.</param>
    public static Activity? Continue(string name, string? trace, ActivityKind kind = ActivityKind.Internal) =>
        trace is not null
        && Source.HasListeners()
        && ActivityContext.TryParse(trace, null, isRemote: true, out var parent)
            ? Start(name, kind, parent)
            : null;

    /// <summary>The same span with a chat and a number of it.</summary>
    public static Activity? About(this Activity? span, ChatId chat, long? seq = null)
    {
        if (span is not { IsAllDataRequested: true })
            return span;
        span.SetTag("chatai.chat", chat.ToString());
        if (seq is { } number)
            span.SetTag("chatai.seq", number);
        return span;
    }

    /// <summary>Ends the span; one that was refused says with which code.</summary>
    public static void End(this Activity? span, string? error = null)
    {
        if (span is null)
            return;
        if (error is not null)
            span.SetStatus(ActivityStatusCode.Error, error);
        var ambient = Activity.Current;
        span.Stop();
        Activity.Current = ambient;
    }

    // Actors share threads: a span must not become the parent of whatever runs next on this one.
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        var ambient = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, parent);
        Activity.Current = ambient;
        return span;
    }
}
