using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway;

/// <summary>Who an access token speaks for.</summary>
/// <param name="ExpiresAt">From then on the token counts no more; a socket closes with 4501.</param>
public sealed record TokenInfo(UserId User, DeviceId Device, DateTimeOffset ExpiresAt);

/// <summary>Checks access tokens by signature and time alone. That the device is still signed in, its user knows.</summary>
public interface ITokenVerifier
{
    /// <summary>Refuses with <c>token_expired</c> what was valid once, and with <c>unauthenticated</c> anything else.</summary>
    Outcome<TokenInfo> Verify(string token);
}
