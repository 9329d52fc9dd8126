using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>A message that may be cited, with the words a claim is compared to.</summary>
internal sealed record SourceMessage(TranscriptLine Line, HashSet<string> Words, HashSet<string> Stems, bool Negated);

/// <summary>Everything an answer may rest on.</summary>
internal sealed class Source
{
    private readonly Dictionary<long, SourceMessage> _bySeq = [];
    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    public Source(IEnumerable<TranscriptLine> lines)
    {
        foreach (var line in lines)
        {
            var words = Words.Of(line.Text);
            var named = Words.Of(line.SenderName);
            _bySeq[line.Seq] = new SourceMessage(
                line,
                [.. words, .. named],
                [.. words.Concat(named).Select(Stems.Of)],
                words.Exists(Cues.Negations.Contains)
            );
            foreach (var word in named.Where(w => w.Length > 2 && !StopWords.Contains(w)))
            {
                if (!_names.TryGetValue(word, out var bearers))
                    _names[word] = bearers = new HashSet<string>(StringComparer.Ordinal);
                bearers.Add(line.SenderName);
            }
        }

        AllStems = [.. _bySeq.Values.SelectMany(m => m.Stems)];
        CapitalsAreNames = Capitals();
    }

    public HashSet<string> AllStems { get; }

    /// <summary>False where the source itself writes many words with capitals, as German does.</summary>
    public bool CapitalsAreNames { get; }

    public SourceMessage? Find(long seq) => _bySeq.GetValueOrDefault(seq);

    /// <summary>Whether a word is (part of) a member's name.</summary>
    public bool IsName(string word) => _names.ContainsKey(word);

    private bool Capitals()
    {
        var inner = _bySeq
            .Values.SelectMany(m => m.Line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            .Where(w => char.IsLetter(w[0]))
            .ToList();
        return inner.Count(w => char.IsUpper(w[0])) * 4 <= inner.Count;
    }
}
