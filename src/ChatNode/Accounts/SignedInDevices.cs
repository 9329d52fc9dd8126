using System.Collections.Concurrent;
using ChatAi.ChatNode.Gateway;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Accounts;

/// <summary>
/// Whether a token's device is still signed in: the user's entity knows. A yes is believed for <see cref="Belief"/>, so
/// that a burst of calls asks once; a no is never kept.
/// </summary>
public sealed class SignedInDevices(AccountEntities entities, TimeProvider time)
{
    public static readonly TimeSpan Belief = TimeSpan.FromSeconds(2);
    private const int MaxKept = 16_384;

    private static readonly Rejection SignedOut = new(ErrorCode.Unauthenticated, "This device was signed out.");

    private readonly ConcurrentDictionary<DeviceId, (UserId User, long At)> _seen = [];

    /// <summary>Null when the device is signed in.</summary>
    public async ValueTask<Rejection?> CheckAsync(UserId user, DeviceId device, CancellationToken cancel)
    {
        var now = time.GetTimestamp();
        if (_seen.TryGetValue(device, out var seen) && seen.User == user && time.GetElapsedTime(seen.At, now) < Belief)
            return null;
        var profile = await entities.ProfileAsync(user, cancel);
        if (!profile.IsOk)
            return profile.Rejection.Code == ErrorCode.NotFound ? SignedOut : profile.Rejection;
        if (profile.Value.Devices.All(d => d.Id != device))
        {
            Forget(device);
            return SignedOut;
        }
        if (_seen.Count >= MaxKept)
            _seen.Clear();
        // From before the question: the answer was true at some moment after it.
        _seen[device] = (user, now);
        return null;
    }

    public void Forget(DeviceId device) => _seen.TryRemove(device, out _);
}
