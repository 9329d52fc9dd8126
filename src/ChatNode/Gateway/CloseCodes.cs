namespace ChatAi.ChatNode.Gateway;

/// <summary>Close codes of protocol v1: after 40xx a client comes back, after 45xx it does not.</summary>
public static class CloseCodes
{
    public const int Normal = 1000;
    public const int Drain = 4001;
    public const int NoPong = 4002;
    public const int Slow = 4008;
    public const int Rate = 4009;
    public const int Internal = 4010;
    public const int BadFrame = 4500;
    public const int AuthFailed = 4501;
    public const int HelloTimeout = 4502;
    public const int Revoked = 4503;
    public const int TooLarge = 4505;
    public const int TooManyConnections = 4506;
}
