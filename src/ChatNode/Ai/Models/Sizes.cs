namespace ChatAi.ChatNode.Ai.Models;

internal static class Sizes
{
    /// <summary>Such as <c>98.1 MB</c>, by thousands.</summary>
    public static string Of(long bytes) =>
        bytes switch
        {
            < 1_000 => $"{bytes} bytes",
            < 1_000_000 => $"{bytes / 1e3:0.0} kB",
            < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
            _ => $"{bytes / 1e9:0.00} GB",
        };
}
