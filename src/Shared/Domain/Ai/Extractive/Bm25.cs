namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>
/// Okapi BM25 (Robertson and Walker 1994; Robertson and Zaragoza 2009) over short texts given as their stems.
/// </summary>
internal sealed class Bm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;
    private readonly List<Dictionary<string, int>> _documents = [];
    private readonly List<int> _lengths = [];
    private readonly double _mean;
    private readonly Dictionary<string, int> _frequency = new(StringComparer.Ordinal);

    public Bm25(IEnumerable<IReadOnlyList<string>> documents)
    {
        foreach (var stems in documents)
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var stem in stems)
                counts[stem] = counts.GetValueOrDefault(stem) + 1;
            foreach (var stem in counts.Keys)
                _frequency[stem] = _frequency.GetValueOrDefault(stem) + 1;
            _documents.Add(counts);
            _lengths.Add(stems.Count);
        }

        _mean = _lengths.Count == 0 ? 1 : Math.Max(1, _lengths.Average());
    }

    public int Count => _documents.Count;

    /// <summary>Never negative, also for words that most documents have.</summary>
    public double Idf(string stem)
    {
        var n = _frequency.GetValueOrDefault(stem);
        return Math.Log(1 + (_documents.Count - n + 0.5) / (n + 0.5));
    }

    public bool Has(int document, string stem) => _documents[document].ContainsKey(stem);

    public double Score(int document, IReadOnlyCollection<string> query)
    {
        double score = 0;
        foreach (var stem in query)
        {
            if (!_documents[document].TryGetValue(stem, out var count))
                continue;
            score += Idf(stem) * count * (K1 + 1) / (count + K1 * (1 - B + B * _lengths[document] / _mean));
        }

        return score;
    }
}
