namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>
/// What may speak for "this line answers that earlier one", or for "this line starts anew" (<c>Self…</c>).
/// The kinds are those of Elsner and Charniak (2008, 2010): distance in time and lines, speaker identity, who
/// addresses and mentions whom, what a message does in the talk, shared words; and the "last message of" and
/// "not spoken since" conditions that Kummerfeld et al. (2019) list for links instead of pairs.
/// </summary>
internal enum LinkFeature
{
    // Distance
    Lines1,
    Lines2,
    Lines3,
    Lines5,
    Lines10,
    Lines20,
    Lines50,
    LinesMore,
    LogMinutes,
    MinutesMany,

    // The same author goes on
    Own,
    OwnLast,
    OwnPrevious,
    OwnNoAddress,
    OwnSameAddress,
    OwnNewAddress,
    OwnDroppedAddress,
    OwnContinuation,
    OwnLogLines,
    OwnLogMinutes,
    OwnAfterQuestion,
    OwnAddressedSince,

    // The line addresses the other line's author
    To,
    ToLast,
    ToBeforeLast,
    ToMarked,
    ToBack,
    ToElse,
    ToOpen,
    ToQuestion,
    ToUnanswered,
    ToStart,
    ToLogLines,
    ToLogMinutes,
    ToOwnConversation,
    ToSimilarity,
    Mentioned,
    MentionedLast,

    // The other line addresses this line's author
    From,
    FromLast,
    FromLastNoAddress,
    FromSpokenSince,
    FromLogLines,
    FromLogMinutes,
    FromQuestion,
    FromMention,

    // The line addresses somebody else than the other line's author
    Mismatch,
    MismatchSameAddressee,
    MismatchInConversation,

    // The line addresses nobody, and the other line is another author's
    OpenToElse,
    OpenToOpen,
    OpenToLast,
    OpenToPrevious,
    OpenToQuestion,
    OpenToNewcomer,
    OpenAnswer,
    OpenThanks,
    OpenQuestion,
    OpenNewAuthor,
    OpenNewAuthorToQuestion,

    // The conversation the other line is in
    InOwnLastConversation,
    OwnLastConversationTail,
    AuthorInConversation,
    AddresseeInConversation,
    Tail,
    TailLogMinutes,
    Start,
    StartUnanswered,
    Answered1,
    Answered2,
    Alone,

    // Words
    Similarity,
    SimilarityAny,
    QuestionAnswered,
    QuestionQuestion,
    GreetingGreeting,

    // Starting anew
    Self,
    SelfNewAuthor,
    SelfAddress,
    SelfAddressMarked,
    SelfAddresseeQuiet,
    SelfMention,
    SelfQuestion,
    SelfQuestionNewAuthor,
    SelfGreeting,
    SelfGreetingNewAuthor,
    SelfCallsToAll,
    SelfThanks,
    SelfAnswer,
    SelfContinuation,
    SelfShort,
    SelfLong,
    SelfLogLinesSinceOwn,
    SelfLogMinutesSinceOwn,
    SelfQuestionLogSinceOwn,
    SelfAddressedSince,
    SelfAfterOwn,
    SelfLogMinutesSilence,
}
