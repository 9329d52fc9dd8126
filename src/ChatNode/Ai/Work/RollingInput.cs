using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>What a rolling summary was made from, so that one can tell whether it would come out the same today.</summary>
public static class RollingInput
{
    public const string Version = "rolling-quotes.v1";

    /// <summary>Where no message may be quoted, as in a chat of questions to the assistant.</summary>
    public const string Nothing = "So far there is nothing to quote.";

    /// <summary>
    /// How many of the lines go into the summary now. What is still being talked about waits, unless that is most of
    /// it: a chat that never rests must have a summary too.
    /// </summary>
    public static int Foldable(IReadOnlyList<TranscriptLine> lines, DateTimeOffset now)
    {
        var settled = RollingDigest.Settled(lines, now);
        return settled >= Limits.SummaryEvery / 2 ? settled : lines.Count;
    }

    /// <summary>Null where there is nothing to sum up.</summary>
    public static ChatCommands.RollingRange? RangeOf(AiProtocol.Context context, IReadOnlyList<ChatMessage> messages) =>
        messages.Count == 0
            ? null
            : new ChatCommands.RollingRange(
                context.Summary?.FromSeq ?? messages[0].Seq,
                messages[^1].Seq,
                messages[^1].Id,
                HashOf(context.Summary, messages)
            );

    /// <summary>SHA-256 (lower-case hex) over the summary before and the messages, each part with its length first.</summary>
    public static string HashOf(RollingSummary? before, IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, before?.InputHash ?? "");
        Add(hash, before?.Text ?? "");
        foreach (var message in messages)
        {
            Add(hash, message.Seq.ToString(CultureInfo.InvariantCulture));
            Add(hash, message.Sender.ToString());
            Add(hash, message.Text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        hash.AppendData(Encoding.ASCII.GetBytes($"{bytes.Length}:"));
        hash.AppendData(bytes);
    }
}
