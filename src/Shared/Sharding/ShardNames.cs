using System.Globalization;
using Akka.Cluster.Sharding;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.Shared.Sharding;

/// <summary>
/// Names and counts that decide where an entity lives and under which id its journal stands. They never change: a
/// change would move or lose entities.
/// </summary>
public static class ShardNames
{
    public const string Chats = "chats";
    public const string Users = "users";
    public const string Phones = "phones";
    public const int ShardCount = 128;

    public const string ChatPrefix = "chat-";
    public const string UserPrefix = "user-";
    public const string PhonePrefix = "phone-";

    /// <summary>Persistence id of the operators' switch of the assistant.</summary>
    public const string AiSwitch = "operators-ai";

    public static string PersistenceId(ChatId chat) => ChatPrefix + chat;

    public static string PersistenceId(UserId user) => UserPrefix + user;

    public static string PersistenceIdOfPhone(string phone) => PhonePrefix + phone;

    public static ChatId? ChatOf(string persistenceId) =>
        IdAfter(ChatPrefix, persistenceId) is { } id ? new ChatId(id) : null;

    public static UserId? UserOf(string persistenceId) =>
        IdAfter(UserPrefix, persistenceId) is { } id ? new UserId(id) : null;

    private static Guid? IdAfter(string prefix, string persistenceId) =>
        persistenceId.StartsWith(prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(persistenceId.AsSpan(prefix.Length), "D", out var id)
            ? id
            : null;
}

/// <summary>Which entity and shard a message belongs to.</summary>
public sealed class EntityExtractor : HashCodeMessageExtractor
{
    public static readonly EntityExtractor Instance = new();

    private EntityExtractor()
        : base(ShardNames.ShardCount) { }

    public override string? EntityId(object message) =>
        message switch
        {
            IToChat { Chat: var chat } => chat.ToString(),
            IToUser { User: var user } => user.ToString(),
            IToPhone { Phone: var phone } => phone,
            _ => null,
        };

    public static Guid IdOf(string entityId) => Guid.ParseExact(entityId, "D");

    /// <summary>The id as messages carry it.</summary>
    public static string Format(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);
}
