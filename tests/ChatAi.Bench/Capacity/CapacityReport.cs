using System.Globalization;
using System.Text;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Capacity;

public static class CapacityReport
{
    /// <summary>What the plan's command takes from this table, by the name that stands in it.</summary>
    public static string Markdown(CapacityPlan plan, CapacityResult result)
    {
        var page = new StringBuilder();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"One node with all roles and one PostgreSQL (`synchronous_commit=on`), {result.Delivered:#,0} messages of {plan.TextBytes} bytes between {plan.Talkers} users in pairs at {plan.Rate:#,0} a second (p99 of delivery {result.DeliveryP99:0.0} ms), no receipts, {plan.IdleUsers:#,0} more users connected and silent. {Machine.Describe()}."
        );
        page.AppendLine();
        page.AppendLine("| what | measured |");
        page.AppendLine("|---|---:|");
        Row("memory of a node, a connected user with their chat, bytes", result.BytesPerIdleUser, "#,0");
        Row("CPU of a node, s per 1,000 messages", result.NodeCpu, "0.00");
        Row("CPU of PostgreSQL, s per 1,000 messages", result.DatabaseCpu, "0.00");
        Row("journal, bytes a message", PerMessage(l => l.Heap("journal")), "0");
        Row("journal's indexes, bytes a message", PerMessage(l => l.Indexes("journal")), "0");
        Row("read tables, bytes a message", PerMessage(l => l.Heap("messages")), "0");
        Row("read tables' indexes, bytes a message", PerMessage(l => l.Indexes("messages")), "0");
        Row("all other tables, bytes a message", PerMessage(Others), "0");
        Row("write-ahead log, bytes a message", PerMessage(l => l.WalBytes), "0");
        Row("runs of the assistant an hour, one worker, no model", result.RunsPerHour, "#,0");
        Row("CPU of a run without a model, s", result.RunCpu, "0.000");
        return page.ToString();

        void Row(string what, double value, string format) =>
            page.AppendLine($"| {what} | {value.ToString(format, CultureInfo.InvariantCulture)} |");

        double PerMessage(Func<StorageLook, long> of) =>
            (double)(of(result.After) - of(result.Before))
            / (result.After.Rows("messages") - result.Before.Rows("messages"));
    }

    private static long Others(StorageLook look) =>
        look.Tables.Where(t => t.Table is not ("journal" or "messages")).Sum(t => t.Heap + t.Indexes);
}
