using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>One conversation while it grows.</summary>
internal sealed class OpenConversation
{
    public required int First { get; init; }
    public int Last { get; set; }
    public int Lines { get; set; }
    public HashSet<int> People { get; } = [];
}

/// <summary>Everything known of the lines added so far; grows by one line at a time and never looks ahead.</summary>
internal sealed class GroupingState
{
    /// <summary>How many lines back a line's parent is looked for, unless the sender named it.</summary>
    public const int Window = 100;

    private readonly Dictionary<Guid, int> _people = [];
    private readonly List<int> _lastOf = [];
    private readonly List<int> _lastAddressed = [];
    private readonly NameIndex _names = new();
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly List<int> _documents = [];
    private readonly Dictionary<long, int> _bySeq = [];

    public List<LineFacts> Lines { get; } = [];
    public List<OpenConversation> Conversations { get; } = [];

    public LineFacts At(int index) => Lines[index];

    public int LastOf(int person) => _lastOf[person];

    public OpenConversation ConversationOf(LineFacts line) => Conversations[line.Conversation];

    public LineFacts? BySeq(long seq) => _bySeq.TryGetValue(seq, out var index) ? Lines[index] : null;

    /// <summary>The people a text names, as known now.</summary>
    public IReadOnlyList<int> Named(string text) => _names.Mentions(text);

    public bool IsName(string word) => _names.IsName(word);

    /// <summary>Reads a line; it is not yet part of the state.</summary>
    public LineFacts Read(TranscriptLine line)
    {
        var author = Person(line.Sender);
        var address = _names.Addressee(line.Text);
        var mentions = _names.Mentions(line.Text);
        var addressee = address is { } a && a.Person != author ? a.Person : -1;
        mentions.RemoveAll(p => p == author || p == addressee);
        var words = Words.Of(line.Text);
        var (terms, weights) = Weigh(words);
        var opening = addressee >= 0 ? words.Skip(1).FirstOrDefault() : words.FirstOrDefault();
        return new LineFacts
        {
            Line = line,
            Index = Lines.Count,
            Author = author,
            Addressee = addressee,
            AddressMarked = addressee >= 0 && address!.Value.Marked,
            Mentions = mentions,
            Terms = terms,
            Weights = weights,
            WordCount = words.Count,
            IsQuestion = Cues.IsQuestion(line.Text, addressee >= 0 ? [.. words.Skip(1)] : words),
            IsGreeting = words.Take(2).Any(Cues.Greetings.Contains),
            IsThanks = words.Any(Cues.Thanks.Contains),
            IsAnswer = opening is not null && Cues.Answers.Contains(opening),
            IsContinuation = opening is not null && Cues.Continuations.Contains(opening),
            CallsToAll = words.Any(Cues.CallsToAll.Contains),
            OwnBefore = _lastOf[author],
            AddressedBefore = _lastAddressed[author],
        };
    }

    /// <summary>Adds a line under the parent chosen for it (its own index where it starts anew).</summary>
    public void Link(LineFacts m, int parent)
    {
        m.Parent = parent;
        if (parent == m.Index)
        {
            m.Conversation = Conversations.Count;
            Conversations.Add(new OpenConversation { First = m.Index });
        }
        else
        {
            var p = Lines[parent];
            m.Conversation = p.Conversation;
            if (p.Author != m.Author)
                p.Answers++;
        }

        var conversation = Conversations[m.Conversation];
        conversation.Last = m.Index;
        conversation.Lines++;
        conversation.People.Add(m.Author);
        Lines.Add(m);
        _bySeq[m.Line.Seq] = m.Index;
        _lastOf[m.Author] = m.Index;
        if (m.Addressee >= 0)
            _lastAddressed[m.Addressee] = m.Index;
        _names.Learn(m.Author, m.Line.SenderName);
        foreach (var term in m.Terms)
            _documents[term]++;
    }

    private int Person(Guid sender)
    {
        if (_people.TryGetValue(sender, out var known))
            return known;
        var person = _people.Count;
        _people[sender] = person;
        _lastOf.Add(-1);
        _lastAddressed.Add(-1);
        return person;
    }

    private (int[] Terms, double[] Weights) Weigh(List<string> words)
    {
        var terms = new SortedSet<int>();
        foreach (var word in words)
        {
            if (StopWords.Contains(word) || _names.IsName(word))
                continue;
            if (!_terms.TryGetValue(word, out var term))
            {
                term = _documents.Count;
                _terms[word] = term;
                _documents.Add(0);
            }

            terms.Add(term);
        }

        var ids = terms.ToArray();
        // The frequency as it stands when the line arrives: what comes later must not change earlier choices.
        var weights = Array.ConvertAll(ids, t => Math.Log((Lines.Count + 2.0) / (_documents[t] + 1.0)));
        var norm = Math.Sqrt(weights.Sum(w => w * w));
        return (ids, norm > 0 ? Array.ConvertAll(weights, w => w / norm) : weights);
    }
}
