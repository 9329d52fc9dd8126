using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary><c>last_seen</c> on the wire, the same over HTTP and WebSocket.</summary>
public static class LastSeenChoices
{
    /// <summary>Null where it is not given.</summary>
    public static LastSeen? Of(ref Fields d) =>
        d.OneOfOrNull(
            "last_seen"u8,
            ("everyone", LastSeen.Everyone),
            ("contacts", LastSeen.Contacts),
            ("nobody", LastSeen.Nobody)
        );

    public static string Name(this LastSeen choice) =>
        choice switch
        {
            LastSeen.Contacts => "contacts",
            LastSeen.Nobody => "nobody",
            _ => "everyone",
        };
}
