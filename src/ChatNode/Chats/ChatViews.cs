using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Chats;

/// <summary>What a chat's state looks like to one of its members. Pure.</summary>
public static class ChatViews
{
    public static ChatView ViewOf(ChatId chat, ChatState state, Member member, bool withMembers, long version) =>
        new(
            chat,
            state.Type,
            state.Title,
            state.LastMessageAt,
            state.LastMessageSeq >= member.From ? state.LastMessagePreview : null,
            state.Head,
            member.Recv,
            member.Read,
            member.Unread,
            member.Muted,
            member.Archived,
            member.Pinned,
            state.AiEnabled,
            state.PeerOf(member.User),
            version,
            withMembers ? [.. state.Members.Values.Select(m => new MemberView(m.User, m.Role, m.Recv, m.Read))] : null,
            state.Control.Summon,
            // There every message is for the assistant.
            state.Control.Unasked || state.IsDirectWithAssistant
        );

    private const long PageBytes = 2 * 1024 * 1024;

    /// <summary>The page as far as memory has it, and what is to be read of the rest.</summary>
    public static ChatProtocol.HistoryPage HistoryOf(
        ChatState state,
        Member member,
        ChatProtocol.GetHistory query,
        long version
    ) =>
        Fitting(
            query.After is { } after
                ? OldestFirst(state, member, after, query, version)
                : NewestFirst(state, member, query, version)
        ) with
        {
            VisibleFrom = member.From,
        };

    /// <summary>
    /// Texts in memory are bounded, what people reacted is not: the page ends where it would be too much for one message
    /// between nodes, and the client asks on from there.
    /// </summary>
    private static ChatProtocol.HistoryPage Fitting(ChatProtocol.HistoryPage page)
    {
        var bytes = 0L;
        var kept = page.Messages.TakeWhile((message, i) => (bytes += BytesOf(message)) <= PageBytes || i == 0).ToList();
        if (kept.Count == page.Messages.Count)
            return page;
        // Newest first the rest comes after what was cut: it would leave a hole.
        var rest = page.Rest is { NewestFirst: true } ? null : page.Rest;
        return page with { Messages = kept, Rest = rest, HasMore = true };
    }

    // At most three bytes a UTF-16 unit; ids and numbers beside.
    private static long BytesOf(ChatMessage message) =>
        200 + 3L * message.Chars + 10L * message.Cites.Count + message.Reactions.Values.Sum(e => 24 + 3L * e.Length);

    private static ChatProtocol.HistoryPage NewestFirst(
        ChatState state,
        Member member,
        ChatProtocol.GetHistory query,
        long version
    )
    {
        var to = Math.Min(query.Before ?? long.MaxValue, state.Head + 1) - 1;
        var inMemory = state.Recent.Range(member.From, to);
        var page = inMemory.Reverse().Take(query.Limit).ToList();
        if (page.Count < inMemory.Count)
            return new(query.Correlation, page, null, true);
        var restTo = Math.Min(to, state.Recent.FirstSeq - 1);
        if (state.HoldsAll || restTo < member.From)
            return new(query.Correlation, page, null, false);
        // One more than asked tells whether there are more.
        var take = query.Limit - page.Count + 1;
        return new(query.Correlation, page, new RestOfPage(member.From, restTo, take, true, version), false);
    }

    private static ChatProtocol.HistoryPage OldestFirst(
        ChatState state,
        Member member,
        long after,
        ChatProtocol.GetHistory query,
        long version
    )
    {
        var from = Math.Max(after + 1, member.From);
        var inMemory = state.Recent.Range(from, long.MaxValue, query.Limit + 1);
        var restTo = state.Recent.FirstSeq - 1;
        if (!state.HoldsAll && from <= restTo)
            return new(
                query.Correlation,
                inMemory,
                new RestOfPage(from, restTo, query.Limit + 1, false, version),
                false
            );
        return new(query.Correlation, [.. inMemory.Take(query.Limit)], null, inMemory.Count > query.Limit);
    }

    /// <summary>Durable events after a number; null when the asker never was in the chat.</summary>
    public static ChatProtocol.EventsPage? EventsOf(
        ChatId chat,
        ChatState state,
        ChatProtocol.GetEvents query,
        long version
    )
    {
        long first,
            head;
        if (state.MemberOrNull(query.By) is { } member)
            (first, head) = (member.From, state.Head);
        else if (query.ForResume && state.Former.TryGetValue(query.By, out var former))
            (first, head) = (former.From, former.RemovedAt);
        else
            return null;
        var from = Math.Max(query.After + 1, first);
        if (from > head || (query.ForResume && head - from + 1 > query.Limit))
            return new(query.Correlation, chat, [], head, null);
        var to = Math.Min(head, from + query.Limit - 1);
        var events = state.Events.Range(from, to);
        var missing = Math.Min(to, state.Events.FirstSeq - 1);
        return new(
            query.Correlation,
            chat,
            events,
            head,
            from <= missing ? new RestOfPage(from, missing, (int)(missing - from + 1), false, version) : null
        )
        {
            VisibleFrom = first,
        };
    }

    /// <summary>The rolling summary, if the member may see all that it covers.</summary>
    public static RollingSummary? SummaryOf(ChatState state, Member member) =>
        state.Summary is { } summary && member.From <= summary.FromSeq ? summary : null;

    /// <summary>What a model may be given for this run; null when the run or its asker is gone.</summary>
    public static AiProtocol.Context? ContextOf(ChatId chat, ChatState state, RunId id, int lines, long version)
    {
        if (!state.Runs.TryGetValue(id, out var run))
            return null;
        var asker = state.MemberOrNull(run.By);
        if (asker is null && !run.By.IsAssistant)
            return null;
        // A private answer is the asker's alone. What everyone will read rests on what everyone may see.
        var readable =
            asker is null ? 1
            : run.Private ? asker.From
            : state.SeenByAllFrom;
        var from = Math.Max(run.FromSeq, readable);
        var visible = state.Recent.Range(from, long.MaxValue).Where(message => !message.Deleted).ToList();
        var whole = run.Kind != Shared.Domain.Ai.AiRunKind.Reply;
        var page = whole ? visible : visible.TakeLast(lines).ToList();
        var summary = state.Summary is { } rolling && readable <= rolling.FromSeq ? rolling : null;
        return new(
            chat,
            run with
            {
                FromSeq = from,
            },
            state.IsDirectWithAssistant,
            // No model is told of reactions, and there may be many.
            [.. page.Select(m => m.Reactions.Count == 0 ? m : m with { Reactions = ChatMessage.NoReactions })],
            whole && !state.HoldsAll && from < state.Recent.FirstSeq ? from : null,
            summary,
            state.SummaryVersion,
            state.Mutations,
            version
        );
    }
}
