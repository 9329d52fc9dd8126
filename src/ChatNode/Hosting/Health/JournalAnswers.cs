using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>The journal's database answers a query and takes writes.</summary>
public sealed partial class JournalAnswers(JournalProbe journal, TimeProvider time, ILogger<JournalAnswers> log)
    : CachedCheck(time)
{
    private bool _wasAway;

    protected override async Task<HealthCheckResult> LookAsync()
    {
        var trouble = await TroubleAsync();
        var isAway = trouble is not null;
        if (isAway && !_wasAway)
            Away(log, trouble!);
        else if (!isAway && _wasAway)
            Back(log);
        _wasAway = isAway;
        return isAway ? HealthCheckResult.Unhealthy(trouble) : HealthCheckResult.Healthy();
    }

    private async Task<string?> TroubleAsync()
    {
        try
        {
            return await journal.TroubleAsync();
        }
        catch (DbException e)
        {
            // What the server says may name hosts and users: that is for the log.
            Failed(log, e);
            return "The journal's database does not answer.";
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException)
        {
            return "The journal's database does not answer in time.";
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not ready: {Trouble}")]
    private static partial void Away(ILogger log, string trouble);

    [LoggerMessage(LogLevel.Information, "The journal's database answers again")]
    private static partial void Back(ILogger log);

    [LoggerMessage(LogLevel.Debug, "The journal's database was asked in vain")]
    private static partial void Failed(ILogger log, Exception cause);
}
