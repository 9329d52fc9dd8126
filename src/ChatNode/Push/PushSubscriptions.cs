using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using LinqToDB.Data;

namespace ChatAi.ChatNode.Push;

/// <summary>The table <c>push_subscriptions</c>: at most one a device. It is no part of the journal; clients ask again.</summary>
public sealed class PushSubscriptions(ReadStore store)
{
    public Task PutAsync(UserId user, DeviceId device, PushSubscription subscription, CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "INSERT INTO push_subscriptions (user_id, device_id, kind, endpoint, public_key, secret, with_text, "
                        + "created_at) VALUES (@user, @device, @kind, @endpoint, @key, @secret, @text, @created) "
                        + "ON CONFLICT (user_id, device_id) DO UPDATE SET kind = @kind, endpoint = @endpoint, "
                        + "public_key = @key, secret = @secret, with_text = @text, created_at = @created",
                    token,
                    [
                        .. Key(user.ToString(), device.ToString()),
                        new("kind", subscription.Kind),
                        new("endpoint", subscription.Endpoint),
                        new("key", subscription.PublicKey),
                        new("secret", subscription.Secret),
                        new("text", subscription.WithText),
                        new("created", subscription.CreatedAt.ToUnixTimeMilliseconds()),
                    ]
                ),
            cancel
        );

    public Task<PushSubscription?> FindAsync(string user, string device, CancellationToken cancel) =>
        store.RunAsync(
            async (db, token) =>
            {
                var found = await db.QueryToListAsync(
                    reader => new PushSubscription(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetBoolean(4),
                        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5))
                    ),
                    "SELECT kind, endpoint, public_key, secret, with_text, created_at FROM push_subscriptions "
                        + "WHERE user_id = @user AND device_id = @device",
                    token,
                    Key(user, device)
                );
                return found.Count == 0 ? null : found[0];
            },
            cancel
        )!;

    public Task DeleteAsync(UserId user, DeviceId device, CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "DELETE FROM push_subscriptions WHERE user_id = @user AND device_id = @device",
                    token,
                    Key(user.ToString(), device.ToString())
                ),
            cancel
        );

    /// <summary>The receiver is gone; a subscription that was made anew meanwhile stays.</summary>
    public Task DeleteAsync(string user, string device, string endpoint, CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "DELETE FROM push_subscriptions WHERE user_id = @user AND device_id = @device AND endpoint = @endpoint",
                    token,
                    [.. Key(user, device), new("endpoint", endpoint)]
                ),
            cancel
        );

    private static DataParameter[] Key(string user, string device) => [new("user", user), new("device", device)];
}
