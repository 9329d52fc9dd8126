using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Accounts;

/// <summary>What a request about an account must be like before an entity is asked: pure.</summary>
public static class AccountRules
{
    public static readonly Rejection BadRefreshToken = new(
        ErrorCode.Unauthenticated,
        "This refresh token is not valid."
    );

    /// <summary>Null when the name may be used.</summary>
    public static Rejection? CheckDeviceName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || !TextRules.IsStorable(name) || name.Any(char.IsControl))
            return new Rejection(ErrorCode.BadRequest, "device must not be empty nor hold control characters.");
        return name.Length > Limits.DeviceNameLength
            ? new Rejection(ErrorCode.TooLarge, $"device has at most {Limits.DeviceNameLength} UTF-16 units.")
            : null;
    }

    /// <summary>Null when the name may be used, or is left out.</summary>
    public static Rejection? CheckDisplayName(string? name) =>
        name?.Trim() is { Length: > 0 } given && UserDecider.CheckName(given) is UserDecision.Refused refused
            ? refused.Rejection
            : null;

    /// <summary>People copy codes with spaces and hyphens in them.</summary>
    public static string CodeAsTyped(string code) =>
        code.Length > 32 ? "" : string.Concat(code.Where(c => c != '-' && !char.IsWhiteSpace(c)));
}
