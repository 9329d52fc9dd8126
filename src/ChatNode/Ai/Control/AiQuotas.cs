using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Ai.Control;

/// <summary>How much of the assistant there is for each; 0 for any amount.</summary>
/// <param name="OfUser">Kept by the user's entity.</param>
/// <param name="RunsPerChatPerHour">Kept by the chat's entity.</param>
/// <param name="TokensOfRun">What one run may need at most.</param>
public sealed record AiQuotas(AiQuota OfUser, int RunsPerChatPerHour, int TokensOfRun)
{
    public static readonly AiQuotas Off = new(AiQuota.Off, 0, 0);

    public static AiQuotas From(ChatAiOptions.AiOptions ai)
    {
        var quota = ai.Quota;
        var ofUser = new AiQuota(quota.RunsPerUserPerHour, quota.TokensPerUserPerDay);
        // A day's tokens that are fewer than a run may need are still good for one run.
        var run = quota.TokensPerUserPerDay > 0 ? Math.Min(ai.ContextTokens, quota.TokensPerUserPerDay) : 0;
        return new AiQuotas(ofUser, quota.RunsPerChatPerHour, (int)run);
    }
}
