namespace ChatAi.ChatNode.Planning;

/// <summary>What it takes: a pure function of the question and <see cref="MeasuredCosts"/>. Units stand in the names.</summary>
public sealed record CapacityPlan(
    double MessagesPerSecond,
    double PeakMessagesPerSecond,
    double PeakDeliveriesPerSecond,
    double Sockets,
    double NodeCores,
    double NodeMemoryBytes,
    int Nodes,
    string NodesFor,
    int SpareNodes,
    double SocketsPerNode,
    double DatabaseCores,
    double DiskBytes,
    double JournalBytesPerYear,
    double WalBytesPerDay,
    double PeakWalBytesPerSecond,
    int Databases,
    string DatabasesFor,
    double AnswersPerDay,
    double SummariesPerDay,
    double PeakRunsPerSecond,
    double ModelSecondsPerRun,
    int ModelWorkers,
    double PlainAssistantCores,
    double ClientBitsPerSecond,
    double ClusterBitsPerSecond
)
{
    /// <summary>How full cores, memory and disks are planned: the rest is for failures, upgrades and growth.</summary>
    public const double Fullness = 0.5;

    private const double SecondsPerDay = 86_400;
    private const double DaysPerYear = 365;
    private const double MessagesPerSummary = 100;

    public static CapacityPlan For(PlanQuestion q)
    {
        var perDay = q.Users * q.MessagesPerDay;
        var perSecond = perDay / SecondsPerDay;
        var peak = perSecond * q.PeakFactor;
        var recipients = (q.GroupSize - 1) * q.OnlineShare;
        var sockets = q.Users * q.OnlineShare;
        var textMore = q.TextBytes - 100;

        var nodeCores =
            (peak * MeasuredCosts.NodeCpu.Value + peak * Math.Max(0, recipients - 1) * MeasuredCosts.DeliveryCpu.Value)
            / Fullness;
        var nodeMemory = sockets * MeasuredCosts.ConnectedUserBytes.Value / Fullness;
        var (nodes, nodesFor) = Most(
            ("cores", nodeCores / q.NodeCores),
            ("memory", nodeMemory / (q.NodeMemoryGiB * (1L << 30))),
            ("sockets", sockets / MeasuredCosts.SocketsPerNode.Value)
        );
        // A tenth more, at least one: nobody notices a node that is upgraded or lost.
        var spare = (int)Math.Ceiling(nodes / 10.0);

        var journal =
            MeasuredCosts.JournalBytes.Value
            + textMore
            + MeasuredCosts.ReceiptsPerMessage.Value * MeasuredCosts.ReceiptBytes.Value;
        var read = MeasuredCosts.ReadBytes.Value + textMore;
        var wal = MeasuredCosts.WalBytes.Value + 2 * textMore;
        var disk = perDay * (journal + read) * q.RetentionDays / Fullness;
        var databaseCores = peak * MeasuredCosts.DatabaseCpu.Value / Fullness;
        var (databases, databasesFor) = Most(
            ("cores", databaseCores / q.DatabaseCores),
            ("disk", disk / (q.DatabaseDiskTB * 1e12))
        );

        var answers = perDay * q.MentionShare;
        var summaries = perDay / MessagesPerSummary;
        var peakRuns = (answers + summaries) / SecondsPerDay * q.PeakFactor;
        var secondsPerRun = q.PromptTokens / q.PromptTokensPerSecond + q.AnswerTokens / q.AnswerTokensPerSecond;
        return new CapacityPlan(
            perSecond,
            peak,
            peak * recipients,
            sockets,
            nodeCores,
            nodeMemory,
            nodes,
            nodesFor,
            spare,
            sockets / nodes,
            databaseCores,
            disk,
            perDay * journal * DaysPerYear,
            perDay * wal,
            peak * wal,
            databases,
            databasesFor,
            answers,
            summaries,
            peakRuns,
            secondsPerRun,
            (int)Math.Ceiling(peakRuns * secondsPerRun / Fullness),
            peakRuns * MeasuredCosts.PlainRunCpu.Value / Fullness,
            8 * peak * (1 + recipients) * (MeasuredCosts.FrameBytes.Value + textMore),
            8 * peak * (1 + recipients) * (MeasuredCosts.FrameBytes.Value + textMore) * (nodes - 1) / nodes
        );
    }

    private static (int Count, string For) Most(params ReadOnlySpan<(string What, double Wanted)> wants)
    {
        var most = wants[0];
        foreach (var want in wants)
            if (want.Wanted > most.Wanted)
                most = want;
        return (Math.Max(1, (int)Math.Min(int.MaxValue, Math.Ceiling(most.Wanted))), most.What);
    }
}
