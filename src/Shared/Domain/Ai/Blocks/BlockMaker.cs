using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatAi.Shared.Domain.Ai.Blocks;

/// <summary>Makes blocks. Pure: the same messages give the same block, whenever and by whomever it is made.</summary>
public static class BlockMaker
{
    /// <summary>Changes whenever the same messages would give another text.</summary>
    public const string Version = "blocks.v1";

    private const int LeafQuotes = 6;
    private const int LeafChars = 900;
    private const int MergedChars = 1_500;

    /// <param name="lines">All undeleted messages of the leaf's numbers, oldest first.</param>
    public static SummaryBlock Leaf(long first, IReadOnlyList<TranscriptLine> lines)
    {
        var fold = RollingDigest.Fold(null, lines, LeafQuotes, LeafChars);
        return new SummaryBlock(
            0,
            first,
            lines.Count(ExtractiveAssistant.MayQuote),
            HashOf(lines.SelectMany(PartsOf)),
            fold.Text,
            fold.Cites
        );
    }

    /// <param name="children">All of them, in order.</param>
    public static SummaryBlock Merge(BlockKey key, IReadOnlyList<SummaryBlock> children)
    {
        var fold = RollingDigest.Merge(children.Select(c => c.Text), MergedChars);
        var hash = HashOf(children.Select(c => c.InputHash));
        return new SummaryBlock(key.Level, key.First, children.Sum(c => c.Messages), hash, fold.Text, fold.Cites);
    }

    /// <summary>SHA-256 (lower-case hex) over the parts, each with its length first.</summary>
    public static string HashOf(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> PartsOf(TranscriptLine line) =>
        [line.Seq.ToString(CultureInfo.InvariantCulture), line.Sender.ToString(), line.SenderName, line.Text];
}
