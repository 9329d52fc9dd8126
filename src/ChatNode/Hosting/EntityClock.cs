using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Hosting;

public static class EntityClock
{
    /// <summary>The time as events keep it: UTC in whole milliseconds.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => EventTime.Of(time.GetUtcNow());
}
