using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.ChatNode.Chats;

/// <summary>One thing to do once events are in the journal.</summary>
public abstract record ChatEffect
{
    /// <summary>Tell these users' sessions.</summary>
    public sealed record Tell(IReadOnlyList<UserId> Users, Delivery Delivery) : ChatEffect;

    public sealed record Offer(PendingRun Run) : ChatEffect;

    public sealed record Withdraw(RunId Run) : ChatEffect;

    /// <summary>Words of the chat changed: what models keep of it has to go.</summary>
    public sealed record Forget : ChatEffect
    {
        public static readonly Forget Instance = new();
    }

    /// <summary>A person's run has ended.</summary>
    /// <param name="Tokens">What it needed; null where nothing was done for it.</param>
    public sealed record Settle(UserId By, RunId Run, int? Tokens) : ChatEffect;
}

/// <summary>
/// What follows from events, as seen right after they were applied. Worked out when a command is decided and carried
/// out after the write, so that nothing is told that the journal does not have. Pure.
/// </summary>
public static class ChatEffects
{
    /// <summary>In larger chats receipts go to the authors concerned only: telling all of all grows with the square.</summary>
    public const int ReceiptsToAll = 64;

    /// <param name="before">The runs before the events, since an ended run is no longer part of the state.</param>
    /// <param name="marks">The marks before the events.</param>
    /// <param name="version">The journal's sequence number of the last of the events.</param>
    public static IReadOnlyList<ChatEffect> Of(
        ChatId chat,
        ChatState state,
        IReadOnlyDictionary<RunId, PendingRun> before,
        IReadOnlyDictionary<UserId, (long Recv, long Read)> marks,
        IReadOnlyList<IChatEvent> events,
        long version
    )
    {
        var effects = new List<ChatEffect>(events.Count);
        var members = People(state);
        var touch = new ChatTouch(chat, version, state.LastMessageAt);
        foreach (var e in events)
            switch (e)
            {
                case MemberRemoved removed:
                    effects.Add(new ChatEffect.Tell(members, new Delivery(new Notices.Durable(chat, removed), touch)));
                    effects.Add(
                        new ChatEffect.Tell(
                            [removed.User],
                            new Delivery(new Notices.Durable(chat, removed), touch with { Removed = true })
                        )
                    );
                    break;
                case MessageSent { Cites.Count: > 0 } cited:
                    effects.AddRange(
                        TellCiting(
                            state,
                            members,
                            cited.Cites,
                            from => new Delivery(new Notices.Durable(chat, cited.VisibleFrom(from)), touch)
                        )
                    );
                    break;
                case INumberedChatEvent numbered:
                    effects.Add(new ChatEffect.Tell(members, new Delivery(new Notices.Durable(chat, numbered), touch)));
                    break;
                case ReceiptsAdvanced receipts:
                    foreach (var mark in receipts.Marks)
                        effects.Add(
                            new ChatEffect.Tell(
                                Concerned(state, members, mark, marks.GetValueOrDefault(mark.User)),
                                new Delivery(new Notices.Receipt(chat, mark.User, mark.Recv, mark.Read), touch)
                            )
                        );
                    break;
                case MemberSettingsChanged settings:
                    effects.Add(
                        new ChatEffect.Tell([settings.User], new Delivery(new Notices.ChatTouched(chat), touch))
                    );
                    break;
                case AiRunRequested run when state.Runs.TryGetValue(run.Run, out var pending):
                    effects.Add(new ChatEffect.Offer(pending));
                    break;
                case AiRunCompleted done:
                    AddEnd(
                        done.Run,
                        AiRunStatus.Done,
                        done.Text,
                        done.Cites,
                        null,
                        done.Provenance.TokensIn + done.Provenance.TokensOut
                    );
                    break;
                case AiRunFailed failed:
                    AddEnd(
                        failed.Run,
                        AiRunStatus.Failed,
                        null,
                        [],
                        new Rejection(failed.Code, failed.Reason),
                        ChatState.IsRefusal(failed.Code) ? null : 0
                    );
                    break;
                case AiRunCancelled cancelled:
                    effects.Add(new ChatEffect.Withdraw(cancelled.Run));
                    AddEnd(cancelled.Run, AiRunStatus.Cancelled, null, [], null, 0);
                    break;
            }
        if (events.Any(e => e is MessageEdited or MessageDeleted))
            effects.Add(ChatEffect.Forget.Instance);
        return effects;

        void AddEnd(
            RunId id,
            AiRunStatus status,
            string? text,
            IReadOnlyList<long> cites,
            Rejection? reason,
            int? tokens
        )
        {
            var run = before.GetValueOrDefault(id) ?? Requested(events, id);
            if (run is null || run.Kind == Shared.Domain.Ai.AiRunKind.Rolling)
                return;
            effects.AddRange(
                TellCiting(
                    state,
                    Audience(state, run),
                    cites,
                    from => new Delivery(
                        new Notices.AiEnded(chat, id, status, text, VisibleCites.Of(cites, from), reason)
                    )
                )
            );
            effects.Add(new ChatEffect.Settle(run.By, id, tokens));
        }
    }

    /// <summary>All members but the assistant, which has no socket.</summary>
    public static IReadOnlyList<UserId> People(ChatState state) =>
        [.. state.Members.Keys.Where(user => !user.IsAssistant)];

    /// <summary>Who may follow a run: the asker alone where it is private.</summary>
    public static IReadOnlyList<UserId> Audience(ChatState state, PendingRun run) =>
        run.Private ? [run.By] : People(state);

    /// <summary>One delivery for all who see all that is cited, others for those who came later.</summary>
    private static IEnumerable<ChatEffect> TellCiting(
        ChatState state,
        IReadOnlyList<UserId> users,
        IReadOnlyList<long> cites,
        Func<long, Delivery> told
    ) =>
        users
            .Select(user => (User: user, From: state.MemberOrNull(user)?.From ?? 1))
            .GroupBy(reader => cites.Count(seq => seq < reader.From))
            .Select(alike => new ChatEffect.Tell([.. alike.Select(r => r.User)], told(alike.First().From)));

    private static IReadOnlyList<UserId> Concerned(
        ChatState state,
        IReadOnlyList<UserId> members,
        ReceiptMark mark,
        (long Recv, long Read) old
    )
    {
        // Who blocked somebody, or was blocked, is not seen reading.
        if (state.Members.Values.Any(m => m.Blocks))
            return [mark.User];
        if (members.Count <= ReceiptsToAll)
            return members;
        var authors = state
            .Recent.Range(Math.Min(old.Recv, old.Read) + 1, Math.Max(mark.Recv, mark.Read))
            .Select(message => message.Sender)
            .Where(user => !user.IsAssistant && state.MemberOrNull(user) is not null);
        return [.. authors.Append(mark.User).Distinct()];
    }

    private static PendingRun? Requested(IReadOnlyList<IChatEvent> events, RunId id) =>
        events.OfType<AiRunRequested>().Where(r => r.Run == id).Select(PendingRun.Of).FirstOrDefault();
}
