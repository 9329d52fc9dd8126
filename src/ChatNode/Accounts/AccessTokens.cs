using System.Security.Claims;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAi.ChatNode.Accounts;

/// <summary>
/// Access tokens: JWT (RFC 9068 profile) signed with HS256. <c>sub</c> is the user, <c>did</c> the device; nothing else
/// about a person is in them.
/// </summary>
public sealed class AccessTokens : ITokenVerifier
{
    public const string Issuer = "chatai";
    public const string Audience = "chatai/v1";
    private const string Type = "at+jwt";
    private const string DeviceClaim = "did";
    private const int MaxLength = 2_048;

    private static readonly Rejection Invalid = new(ErrorCode.Unauthenticated, "The access token is not valid.");
    private static readonly Rejection Expired = new(ErrorCode.TokenExpired, "The access token has expired.");

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = MaxLength,
        MapInboundClaims = false,
    };
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _rules;
    private readonly TimeProvider _time;

    public AccessTokens(SigningKey key, TimeProvider time, IOptions<ChatAiOptions> options)
    {
        var secret = new SymmetricSecurityKey(key.Bytes.ToArray());
        _credentials = new SigningCredentials(secret, SecurityAlgorithms.HmacSha256);
        _time = time;
        Lifetime = TimeSpan.FromSeconds(options.Value.Auth.AccessTokenSeconds);
        _rules = new TokenValidationParameters
        {
            IssuerSigningKey = secret,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = [Type],
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            RequireSignedTokens = true,
            // Strictly by the clock, without the handler's five minutes of grace.
            LifetimeValidator = (_, expires, _, _) =>
                expires is { } end
                && (end > time.GetUtcNow().UtcDateTime ? true : throw new SecurityTokenExpiredException()),
        };
    }

    public TimeSpan Lifetime { get; }

    public string Issue(UserId user, DeviceId device)
    {
        var now = _time.GetUtcNow();
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = Type,
                Issuer = Issuer,
                Audience = Audience,
                IssuedAt = now.UtcDateTime,
                Expires = (now + Lifetime).UtcDateTime,
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [JwtRegisteredClaimNames.Sub] = user.ToString(),
                    [DeviceClaim] = device.ToString(),
                },
                SigningCredentials = _credentials,
            }
        );
    }

    public Outcome<TokenInfo> Verify(string token)
    {
        if (token.Length is 0 or > MaxLength)
            return Invalid;
#pragma warning disable VSTHRD002 // With the key at hand the handler awaits nothing: the task is complete.
        var result = _handler.ValidateTokenAsync(token, _rules).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        if (!result.IsValid)
            return result.Exception is SecurityTokenExpiredException ? Expired : Invalid;
        var claims = result.ClaimsIdentity;
        if (Id(claims, JwtRegisteredClaimNames.Sub) is not { } user || Id(claims, DeviceClaim) is not { } device)
            return Invalid;
        var expires = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero);
        return new TokenInfo(new UserId(user), new DeviceId(device), expires);
    }

    private static Guid? Id(ClaimsIdentity claims, string name) =>
        Guid.TryParseExact(claims.FindFirst(name)?.Value, "D", out var id) ? id : null;
}
