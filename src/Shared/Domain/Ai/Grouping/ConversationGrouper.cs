namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>
/// Groups a chat's lines into conversations: by what each line answers first, by pause second.
/// <para>
/// Each line gets one parent among the earlier lines, or starts anew; a conversation is what hangs together, as in
/// Elsner and Charniak, "You talking to me?" (ACL 2008) and "Disentangling chat" (Computational Linguistics 2010),
/// with links instead of pairwise clustering as in Kummerfeld et al., "A large-scale corpus for conversation
/// disentanglement" (ACL 2019), whose logs and annotations the weights were fitted on.
/// </para>
/// One line at a time and without looking ahead: adding lines one by one equals grouping them at once.
/// </summary>
public sealed class ConversationGrouper
{
    private readonly GroupingState _state = new();
    private readonly LinkModel _model;

    public ConversationGrouper()
        : this(LinkModel.Default) { }

    internal ConversationGrouper(LinkModel model) => _model = model;

    internal GroupingState State => _state;

    /// <summary>Groups a whole transcript; lines may come in any order.</summary>
    public static IReadOnlyList<Conversation> Group(IEnumerable<TranscriptLine> lines)
    {
        var grouper = new ConversationGrouper();
        foreach (var line in lines.OrderBy(l => l.Seq))
            grouper.Add(line);
        return grouper.Conversations();
    }

    /// <summary>Adds the next line (a higher <c>seq</c> than all before) and returns the <c>seq</c> it answers, or null.</summary>
    public long? Add(TranscriptLine line)
    {
        var m = _state.Read(line);
        var parent = Choose(m);
        _state.Link(m, parent);
        return parent == m.Index ? null : _state.At(parent).Line.Seq;
    }

    /// <summary>The conversations so far, in order of their first lines.</summary>
    public IReadOnlyList<Conversation> Conversations() =>
        [
            .. _state
                .Lines.GroupBy(l => l.Conversation)
                .OrderBy(g => g.Key)
                .Select(g => new Conversation([.. g.Select(l => l.Line)])),
        ];

    private int Choose(LineFacts m)
    {
        if (m.Line.ReplyTo is { } seq && _state.BySeq(seq) is { } said)
            return said.Index;
        var talk = Pauses.Read(_state, m);
        var opens = Pauses.OpensTopic(m);
        if (talk.People <= 2 && talk.First < m.Index && m.Addressee < 0 && !opens)
            return m.Index - 1; // between two, nobody needs to say whom they answer
        if (talk.First == m.Index && m.Index > 0 && Pauses.IsLateAnswer(_state, m, _state.At(m.Index - 1)))
            return m.Index - 1;
        Span<double> features = stackalloc double[LinkFeatures.Count];
        LinkFeatures.Self(_state, m, features);
        var (best, score) = (
            m.Index,
            _model.Score(features) - (talk.People <= Pauses.SmallCircle && !opens ? Pauses.StayTogether : 0)
        );
        for (var i = m.Index - 1; i >= Math.Max(0, m.Index - GroupingState.Window); i--)
        {
            var c = _state.At(i);
            if (i < talk.First && !Pauses.Bridges(m, c))
                continue;
            LinkFeatures.Pair(_state, m, c, features);
            var s = _model.Score(features);
            if (s > score)
                (best, score) = (i, s);
        }

        return best;
    }
}
