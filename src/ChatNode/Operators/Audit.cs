using System.Security.Cryptography;
using System.Text;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Operators;

/// <summary>Carries out what operators ask for, with a row of the audit log before and after, and a line of the log.</summary>
public sealed class Audit(AuditLog rows, ClusterReader cluster, ChatAiOptions options, ILoggerFactory logs)
{
    private static readonly Rejection NotWritten = new(
        ErrorCode.ShardUnavailable,
        "The audit log cannot be written, so nothing was done.",
        1_000
    );
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = logs.CreateLogger("ChatAi.Audit");
    private readonly string _token = FingerprintOf(options.Admin.Token ?? "");

    /// <summary>The beginning of the token's hash: tells tokens apart without telling one.</summary>
    public static string FingerprintOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..8];

    /// <param name="from">The caller's address.</param>
    /// <param name="evenUnwritten">
    /// What must be possible while the database is away is done all the same; then the log alone tells of it.
    /// </param>
    public async Task<Outcome<T>> RunAsync<T>(
        string from,
        string action,
        string target,
        Func<CancellationToken, Task<Outcome<T>>> act,
        bool evenUnwritten = false
    )
        where T : notnull
    {
        var call = new AuditedCall(_token, from, cluster.SelfName, action, target);
        _log.LogWarning("Audit: operator {Token} at {Address}: {Action} {Target}", _token, from, action, target);
        var row = await BeginAsync(call);
        if (row is null && !evenUnwritten)
            return NotWritten;
        try
        {
            // Not cancelled when the caller goes: what was begun is ended, and the row says how.
            var outcome = await act(CancellationToken.None);
            await EndAsync(
                row,
                outcome.IsOk ? "done" : "refused",
                outcome.IsOk ? null : $"{outcome.Rejection.Code}: {outcome.Rejection.Message}"
            );
            return outcome;
        }
        catch (Exception e)
        {
            await EndAsync(row, "failed", e.GetType().Name);
            throw;
        }
    }

    private async Task<long?> BeginAsync(AuditedCall call)
    {
        try
        {
            using var late = new CancellationTokenSource(Patience);
            return await rows.BeginAsync(call, late.Token);
        }
        catch (Exception e)
        {
            _log.LogError(e, "Audit: the log of operators' calls cannot be written");
            return null;
        }
    }

    private async Task EndAsync(long? row, string outcome, string? detail)
    {
        _log.LogWarning("Audit: {Outcome} {Detail}", outcome, detail);
        if (row is not { } id)
            return;
        try
        {
            using var late = new CancellationTokenSource(Patience);
            await rows.EndAsync(id, outcome, detail, late.Token);
        }
        catch (Exception e)
        {
            _log.LogError(e, "Audit: how the call ended cannot be written");
        }
    }
}
