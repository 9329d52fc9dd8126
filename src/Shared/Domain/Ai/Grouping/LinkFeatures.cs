using static ChatAi.Shared.Domain.Ai.Grouping.LinkFeature;

namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>Computes the features of a possible link from the facts of the lines so far.</summary>
internal static class LinkFeatures
{
    public static readonly int Count = Enum.GetValues<LinkFeature>().Length;

    /// <summary>Features of "<paramref name="m"/> answers <paramref name="c"/>", an earlier line.</summary>
    public static void Pair(GroupingState state, LineFacts m, LineFacts c, Span<double> f)
    {
        f.Clear();
        var lines = m.Index - c.Index;
        var minutes = LogMinutes(m.Line.At - c.Line.At);
        var logLines = Math.Log(lines);
        f[(int)Bucket(lines)] = 1;
        f[(int)LinkFeature.LogMinutes] = minutes;
        Set(f, MinutesMany, m.Line.At - c.Line.At > TimeSpan.FromMinutes(10));

        var last = state.LastOf(c.Author) == c.Index;
        var open = m.Addressee < 0;
        if (c.Author == m.Author)
            Same(m, c, f, last, lines, minutes, logLines);
        else
            Other(state, m, c, f, last, open, minutes, logLines);

        var conversation = state.ConversationOf(c);
        var ownLast = m.OwnBefore < 0 ? -1 : state.At(m.OwnBefore).Conversation;
        var tail = conversation.Last == c.Index;
        Set(f, InOwnLastConversation, ownLast == c.Conversation);
        Set(f, OwnLastConversationTail, ownLast == c.Conversation && tail);
        Set(f, AuthorInConversation, conversation.People.Contains(m.Author));
        Set(f, AddresseeInConversation, !open && conversation.People.Contains(m.Addressee));
        Set(f, Tail, tail);
        if (tail)
            f[(int)TailLogMinutes] = minutes;
        Set(f, Start, c.Parent == c.Index);
        Set(f, StartUnanswered, c.Parent == c.Index && c.Answers == 0 && c.Author != m.Author);
        Set(f, Answered1, c.Answers == 1);
        Set(f, Answered2, c.Answers > 1);
        Set(f, Alone, conversation.Lines == 1);

        var similarity = m.Similarity(c);
        f[(int)Similarity] = similarity;
        Set(f, SimilarityAny, similarity > 0);
        Set(f, QuestionAnswered, c.IsQuestion && !m.IsQuestion && c.Author != m.Author);
        Set(f, QuestionQuestion, c.IsQuestion && m.IsQuestion && c.Author != m.Author);
        Set(f, GreetingGreeting, c.IsGreeting && m.IsGreeting);
        if (!open && c.Author == m.Addressee)
            f[(int)ToSimilarity] = similarity;
    }

    /// <summary>Features of "<paramref name="m"/> starts anew".</summary>
    public static void Self(GroupingState state, LineFacts m, Span<double> f)
    {
        f.Clear();
        var newAuthor = m.OwnBefore < 0;
        var own = newAuthor ? null : state.At(m.OwnBefore);
        f[(int)LinkFeature.Self] = 1;
        Set(f, SelfNewAuthor, newAuthor);
        Set(f, SelfAddress, m.Addressee >= 0);
        Set(f, SelfAddressMarked, m.Addressee >= 0 && m.AddressMarked);
        Set(f, SelfAddresseeQuiet, m.Addressee >= 0 && m.Index - state.LastOf(m.Addressee) > GroupingState.Window);
        Set(f, SelfMention, m.Mentions.Count > 0);
        Set(f, SelfQuestion, m.IsQuestion && m.Addressee < 0);
        Set(f, SelfQuestionNewAuthor, m.IsQuestion && newAuthor);
        Set(f, SelfGreeting, m.IsGreeting);
        Set(f, SelfGreetingNewAuthor, m.IsGreeting && newAuthor);
        Set(f, SelfCallsToAll, m.CallsToAll);
        Set(f, SelfThanks, m.IsThanks);
        Set(f, SelfAnswer, m.IsAnswer);
        Set(f, SelfContinuation, m.IsContinuation);
        Set(f, SelfShort, m.WordCount < 4);
        Set(f, SelfLong, m.WordCount > 12);
        Set(f, SelfAddressedSince, m.AddressedBefore > m.OwnBefore);
        Set(f, SelfAfterOwn, own is not null && own.Index == m.Index - 1);
        if (m.Index > 0)
            f[(int)SelfLogMinutesSilence] = LogMinutes(m.Line.At - state.At(m.Index - 1).Line.At);
        if (own is null)
            return;
        f[(int)SelfLogLinesSinceOwn] = Math.Log(m.Index - own.Index);
        f[(int)SelfLogMinutesSinceOwn] = LogMinutes(m.Line.At - own.Line.At);
        if (m.IsQuestion)
            f[(int)SelfQuestionLogSinceOwn] = Math.Log(m.Index - own.Index);
    }

    private static void Same(
        LineFacts m,
        LineFacts c,
        Span<double> f,
        bool last,
        int lines,
        double minutes,
        double logLines
    )
    {
        Set(f, Own, true);
        Set(f, OwnLast, last);
        Set(f, OwnPrevious, lines == 1);
        Set(f, OwnNoAddress, m.Addressee < 0 && c.Addressee < 0);
        Set(f, OwnSameAddress, m.Addressee >= 0 && m.Addressee == c.Addressee);
        Set(f, OwnNewAddress, m.Addressee >= 0 && m.Addressee != c.Addressee);
        Set(f, OwnDroppedAddress, m.Addressee < 0 && c.Addressee >= 0);
        Set(f, OwnContinuation, m.IsContinuation);
        f[(int)OwnLogLines] = logLines;
        f[(int)OwnLogMinutes] = minutes;
        Set(f, OwnAfterQuestion, c.IsQuestion);
        Set(f, OwnAddressedSince, m.AddressedBefore > c.Index);
    }

    private static void Other(
        GroupingState state,
        LineFacts m,
        LineFacts c,
        Span<double> f,
        bool last,
        bool open,
        double minutes,
        double logLines
    )
    {
        if (c.Addressee == m.Author)
        {
            Set(f, From, true);
            Set(f, FromLast, m.AddressedBefore == c.Index);
            Set(f, FromLastNoAddress, m.AddressedBefore == c.Index && open);
            Set(f, FromSpokenSince, m.OwnBefore > c.Index);
            f[(int)FromLogLines] = logLines;
            f[(int)FromLogMinutes] = minutes;
            Set(f, FromQuestion, c.IsQuestion);
        }

        Set(f, FromMention, c.Mentions.Contains(m.Author));
        if (m.Mentions.Contains(c.Author))
        {
            Set(f, Mentioned, true);
            Set(f, MentionedLast, last);
        }

        if (open)
        {
            Set(f, OpenToElse, c.Addressee >= 0 && c.Addressee != m.Author);
            Set(f, OpenToOpen, c.Addressee < 0);
            Set(f, OpenToLast, last);
            Set(f, OpenToPrevious, m.Index - c.Index == 1);
            Set(f, OpenToQuestion, c.IsQuestion);
            Set(f, OpenToNewcomer, c.OwnBefore < 0);
            Set(f, OpenAnswer, m.IsAnswer);
            Set(f, OpenThanks, m.IsThanks);
            Set(f, OpenQuestion, m.IsQuestion);
            Set(f, OpenNewAuthor, m.OwnBefore < 0);
            Set(f, OpenNewAuthorToQuestion, m.OwnBefore < 0 && c.IsQuestion);
        }
        else if (c.Author == m.Addressee)
        {
            Set(f, To, true);
            Set(f, ToLast, last);
            Set(f, ToBeforeLast, !last && state.At(state.LastOf(c.Author)).OwnBefore == c.Index);
            Set(f, ToMarked, m.AddressMarked);
            Set(f, ToBack, c.Addressee == m.Author);
            Set(f, ToElse, c.Addressee >= 0 && c.Addressee != m.Author);
            Set(f, ToOpen, c.Addressee < 0);
            Set(f, ToQuestion, c.IsQuestion);
            Set(f, ToUnanswered, c.Answers == 0);
            Set(f, ToStart, c.Parent == c.Index);
            f[(int)ToLogLines] = logLines;
            f[(int)ToLogMinutes] = minutes;
            Set(f, ToOwnConversation, m.OwnBefore >= 0 && state.At(m.OwnBefore).Conversation == c.Conversation);
        }
        else
        {
            Set(f, Mismatch, true);
            Set(f, MismatchSameAddressee, c.Addressee == m.Addressee);
            Set(f, MismatchInConversation, state.ConversationOf(c).People.Contains(m.Addressee));
        }
    }

    private static LinkFeature Bucket(int lines) =>
        lines switch
        {
            1 => Lines1,
            2 => Lines2,
            3 => Lines3,
            <= 5 => Lines5,
            <= 10 => Lines10,
            <= 20 => Lines20,
            <= 50 => Lines50,
            _ => LinesMore,
        };

    private static double LogMinutes(TimeSpan span) => Math.Log(1 + Math.Max(0, Math.Floor(span.TotalMinutes)));

    private static void Set(Span<double> f, LinkFeature feature, bool value) => f[(int)feature] = value ? 1 : 0;
}
