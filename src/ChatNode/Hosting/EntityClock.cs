namespace ChatAi.ChatNode.Hosting;

/// <summary>Times as journal and wire keep them: UTC with milliseconds.</summary>
public static class EntityClock
{
    public static DateTimeOffset Now(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
