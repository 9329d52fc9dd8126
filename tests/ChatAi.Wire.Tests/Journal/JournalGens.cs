using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Operators;
using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Domain.Users;
using CsCheck;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>Random values of every type that the journal keeps.</summary>
internal static class JournalGens
{
    private static readonly Gen<string> Rune = Gen.OneOf(
            Gen.Int[1, 0x7F],
            Gen.Int[0x80, 0xD7FF],
            Gen.Int[0xE000, 0xFFFF],
            Gen.Int[0x10000, 0x10FFFF]
        )
        .Select(char.ConvertFromUtf32);

    public static readonly Gen<string> Text = Rune.Array[0, 40].Select(string.Concat);
    private static readonly Gen<string?> MaybeText = Maybe(Text);

    public static readonly Gen<DateTimeOffset> Time = Gen.Long[EventTime.MinMilliseconds, EventTime.MaxMilliseconds]
        .Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<DateTimeOffset?> MaybeTime = Gen.Nullable(Time);
    private static readonly Gen<long> Seq = Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, long.MaxValue]);
    private static readonly Gen<long?> MaybeSeq = Gen.Nullable(Seq);
    private static readonly Gen<int> Count = Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, int.MaxValue]);
    private static readonly Gen<IReadOnlyList<long>> Cites = ListOf(Seq);
    private static readonly Gen<UserId> User = Gen.OneOf(
        Gen.Guid.Select(id => new UserId(id)),
        Gen.Const(UserId.Assistant)
    );
    private static readonly Gen<MessageId> Message = Gen.Guid.Select(id => new MessageId(id));
    private static readonly Gen<ClientMessageId> Cid = Gen.Guid.Select(id => new ClientMessageId(id));
    private static readonly Gen<RunId> Run = Gen.Guid.Select(id => new RunId(id));
    private static readonly Gen<RunId?> MaybeRun = Gen.Nullable(Run);
    private static readonly Gen<DeviceId> DeviceKey = Gen.Guid.Select(id => new DeviceId(id));
    private static readonly Gen<ChatId> Chat = Gen.Guid.Select(id => new ChatId(id));
    private static readonly Gen<ChatType> Type = Gen.Enum<ChatType>();
    private static readonly Gen<MemberRole> Role = Gen.Enum<MemberRole>();
    private static readonly Gen<AiRunKind> Kind = Gen.Enum<AiRunKind>();

    private static readonly Gen<AiProvenance> Provenance =
        from names in Gen.Select(Text, Text, MaybeText, Text)
        from seqs in Gen.Select(Seq, Seq, Seq)
        from tokens in Gen.Select(Count, Count)
        from times in Gen.Select(Time, MaybeTime)
        from seed in Gen.Nullable(Seq)
        from blocks in Gen.Select(Gen.Int[0, 6], Seq, Text)
            .Select(b => new AiUsedBlock(b.Item1, b.Item2, b.Item3))
            .Array[0, 3]
        from pieces in Gen.Select(Count, Count).Select(p => new AiPieces(p.Item1, p.Item2)).Null()
        from cached in Gen.Nullable(Count)
        select new AiProvenance(
            names.Item1,
            names.Item2,
            names.Item3,
            names.Item4,
            seqs.Item1,
            seqs.Item2,
            seqs.Item3,
            tokens.Item1,
            tokens.Item2,
            times.Item1,
            times.Item2
        )
        {
            Seed = seed,
            Blocks = blocks,
            Pieces = pieces,
            TokensCached = cached,
        };

    private static readonly Gen<Member> Member =
        from user in User
        from role in Role
        from marks in Gen.Select(Seq, Seq, Seq, Count)
        from own in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool)
        select new Member(
            user,
            role,
            marks.Item1,
            marks.Item2,
            marks.Item3,
            marks.Item4,
            own.Item1,
            own.Item2,
            own.Item3
        )
        {
            Blocks = own.Item4,
        };

    private static readonly Gen<PendingRun> PendingRun = Gen.Select(
            Run,
            Kind,
            Text,
            User,
            Gen.Bool,
            MaybeSeq,
            Seq,
            Gen.Select(Time, MaybeRun)
        )
        .Select(r => new PendingRun(
            r.Item1,
            r.Item2,
            r.Item3,
            r.Item4,
            r.Item5,
            r.Item6,
            r.Item7,
            r.Item8.Item1,
            r.Item8.Item2
        ));

    private static readonly Gen<AiControl> Control =
        from policy in Gen.Select(Gen.Enum<AiSummon>(), Gen.Bool)
        from streak in Gen.Int[0, LoopGuard.Hard]
        from unasked in MaybeSeq
        from asked in ListOf(Gen.Select(Seq, Count).Select(m => new MinuteCount(m.Item1, m.Item2)))
        from mutations in ListOf(Gen.Select(Seq, Seq).Select(m => new Mutation(m.Item1, m.Item2)))
        select new AiControl
        {
            Summon = policy.Item1,
            Unasked = policy.Item2,
            Loop = new LoopGuard(streak),
            UnaskedAt = unasked,
            Asked = asked,
            Mutations = mutations,
        };

    private static readonly Gen<RollingSummary> Summary = Gen.Select(
            Text,
            Seq,
            Seq,
            Message,
            Text,
            Cites,
            Provenance,
            Time
        )
        .Select(s => new RollingSummary(s.Item1, s.Item2, s.Item3, s.Item4, s.Item5, s.Item6, s.Item7, s.Item8));

    private static readonly Gen<IReadOnlyList<Attachment>> Attachments = ListOf(
        from id in Message
        from hash in Gen.Byte.Array[32]
        from size in Seq
        from words in Gen.Select(Text, Text, Text)
        from sides in Gen.Select(Gen.Int[1, 20_000], Gen.Bool)
        select new Attachment(
            new AttachmentId(id.Value),
            Convert.ToHexStringLower(hash),
            words.Item1,
            size,
            words.Item2,
            words.Item3,
            sides.Item2 ? sides.Item1 : null,
            sides.Item2 ? sides.Item1 : null
        )
    );

    private static readonly Gen<ChatMessage> ChatMessage =
        from ids in Gen.Select(Seq, Message, User, Cid)
        from isAi in Gen.Bool
        from text in Text
        from at in Time
        from replyTo in MaybeSeq
        from edited in MaybeTime
        from deleted in Gen.Bool
        from reactions in Gen.Dictionary(User, Text)[0, 4]
        from run in MaybeRun
        from cites in Cites
        from attachments in Attachments
        select new ChatMessage(
            ids.Item1,
            ids.Item2,
            ids.Item3,
            isAi,
            text,
            ids.Item4,
            at,
            replyTo,
            edited,
            deleted,
            reactions,
            run,
            cites
        )
        {
            Attachments = attachments,
        };

    private static readonly Gen<ChatSnapshot> ChatSnapshot =
        from head in Gen.Select(Type, MaybeText, Gen.Bool, Time, Seq, Seq)
        from last in Gen.Select(Time, MaybeText, Seq, Seq)
        from summary in Gen.Select(Maybe(Summary), Seq, Seq)
        from members in ListOf(Member)
        from former in ListOf(Gen.Select(User, Seq, Seq).Select(f => new FormerMember(f.Item1, f.Item2, f.Item3)))
        from runs in ListOf(PendingRun)
        from recent in ListOf(ChatMessage)
        from cids in Gen.Byte.Array[0, 64]
        from control in Control
        select new ChatSnapshot(
            head.Item1,
            head.Item2,
            head.Item3,
            head.Item4,
            head.Item5,
            head.Item6,
            last.Item1,
            last.Item2,
            last.Item3,
            last.Item4,
            summary.Item1,
            summary.Item2,
            summary.Item3,
            members,
            former,
            runs,
            recent,
            cids
        )
        {
            Control = control,
        };

    private static readonly Gen<Device> Device = Gen.Select(DeviceKey, Text, Text, ListOf(Text), Time, Time)
        .Select(d => new Device(d.Item1, d.Item2, d.Item3, d.Item4, d.Item5, d.Item6));

    // The snapshot does not keep the time of a direct chat.
    private static readonly Gen<UserEvents.DirectChatOpened> DirectChat = Gen.Select(User, Chat)
        .Select(d => new UserEvents.DirectChatOpened(d.Item1, d.Item2, default));

    public static readonly IReadOnlyDictionary<Type, Gen<object>> All = new[]
    {
        Of(
            Gen.Select(
                    Seq,
                    Type,
                    MaybeText,
                    User,
                    ListOf(Gen.Select(User, Role).Select(m => new NewMember(m.Item1, m.Item2))),
                    Time
                )
                .Select(e => new ChatEvents.ChatCreated(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5, e.Item6))
        ),
        Of(
            from ids in Gen.Select(Seq, Message, User, Cid)
            from isAi in Gen.Bool
            from text in Text
            from replyTo in MaybeSeq
            from run in MaybeRun
            from cites in Cites
            from at in Time
            from attachments in Attachments
            select new ChatEvents.MessageSent(
                ids.Item1,
                ids.Item2,
                ids.Item3,
                isAi,
                text,
                ids.Item4,
                replyTo,
                run,
                cites,
                at
            )
            {
                Attachments = attachments,
            }
        ),
        Of(
            Gen.Select(Seq, Seq, User, Text, Time)
                .Select(e => new ChatEvents.MessageEdited(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(
            Gen.Select(Seq, Seq, User, User, Time)
                .Select(e => new ChatEvents.MessageDeleted(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5)
                {
                    Expired = e.Item2 % 2 == 0,
                })
        ),
        Of(
            Gen.Select(Seq, Seq, User, MaybeText, Time)
                .Select(e => new ChatEvents.MessageReacted(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(
            Gen.Select(Seq, User, Role, User, Time)
                .Select(e => new ChatEvents.MemberAdded(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(
            Gen.Select(Seq, User, User, Time)
                .Select(e => new ChatEvents.MemberRemoved(e.Item1, e.Item2, e.Item3, e.Item4))
        ),
        Of(
            Gen.Select(Seq, User, Role, User, Time)
                .Select(e => new ChatEvents.MemberRoleChanged(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(
            Gen.Select(Seq, MaybeText, User, Time)
                .Select(e => new ChatEvents.ChatUpdated(e.Item1, e.Item2, e.Item3, e.Item4))
        ),
        Of(
            Gen.Select(Seq, Gen.Bool, User, Time, Gen.Enum<AiSummon>(), Gen.Bool)
                .Select(e => new ChatEvents.AiPolicyChanged(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5, e.Item6))
        ),
        Of(
            Gen.Select(
                    ListOf(
                        Gen.Select(User, Seq, Seq, Count)
                            .Select(m => new ReceiptMark(m.Item1, m.Item2, m.Item3, m.Item4))
                    ),
                    Time
                )
                .Select(e => new ChatEvents.ReceiptsAdvanced(e.Item1, e.Item2))
        ),
        Of(
            Gen.Select(User, Gen.Bool, Gen.Bool, Gen.Bool, Time)
                .Select(e => new ChatEvents.MemberSettingsChanged(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(Gen.Select(User, Gen.Bool, Time).Select(e => new ChatEvents.BlockChanged(e.Item1, e.Item2, e.Item3))),
        Of(
            PendingRun.Select(r => new ChatEvents.AiRunRequested(
                r.Run,
                r.Kind,
                r.Prompt,
                r.By,
                r.Private,
                r.TriggerSeq,
                r.FromSeq,
                r.At,
                r.RegeneratedFrom,
                r.Kind == AiRunKind.Reply
            ))
        ),
        Of(
            Gen.Select(Run, MaybeText, Cites, Provenance, Time)
                .Select(e => new ChatEvents.AiRunCompleted(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5))
        ),
        Of(
            Gen.Select(Run, Text, Text, Time)
                .Select(e => new ChatEvents.AiRunFailed(e.Item1, e.Item2, e.Item3, e.Item4))
        ),
        Of(Gen.Select(Run, User, Time).Select(e => new ChatEvents.AiRunCancelled(e.Item1, e.Item2, e.Item3))),
        Of(
            // The level has a small end: a block's size is counted up to it.
            Gen.Select(Run, Seq, Text, Cites, Count, Time)
                .Select(e => new ChatEvents.SummaryBlockMade(
                    e.Item1,
                    new SummaryBlock(e.Item5 % 7, e.Item2, e.Item5, e.Item3, e.Item3, e.Item4) { Version = e.Item3 },
                    e.Item3,
                    e.Item3,
                    e.Item2 % 2 == 0 ? e.Item2 : null,
                    e.Item6
                ))
        ),
        Of(
            Gen.Select(Run, Summary)
                .Select(e => new ChatEvents.SummaryUpdated(
                    e.Item1,
                    e.Item2.Text,
                    e.Item2.FromSeq,
                    e.Item2.LatestSeq,
                    e.Item2.LatestMessage,
                    e.Item2.InputHash,
                    e.Item2.Cites,
                    e.Item2.Provenance,
                    e.Item2.At
                ))
        ),
        Of(ChatSnapshot),
        Of(Gen.Select(Text, Text, Time).Select(e => new UserEvents.UserRegistered(e.Item1, e.Item2, e.Item3))),
        Of(Gen.Select(Text, Time).Select(e => new UserEvents.ProfileChanged(e.Item1, e.Item2))),
        Of(
            Gen.Select(DeviceKey, Text, Text, Time)
                .Select(e => new UserEvents.DeviceAdded(e.Item1, e.Item2, e.Item3, e.Item4))
        ),
        Of(Gen.Select(DeviceKey, Text, Time).Select(e => new UserEvents.RefreshRotated(e.Item1, e.Item2, e.Item3))),
        Of(Gen.Select(DeviceKey, Text, Time).Select(e => new UserEvents.DeviceRevoked(e.Item1, e.Item2, e.Item3))),
        Of(Gen.Select(User, Chat, Time).Select(e => new UserEvents.DirectChatOpened(e.Item1, e.Item2, e.Item3))),
        Of(Gen.Select(User, Time).Select(e => new UserEvents.UserBlocked(e.Item1, e.Item2))),
        Of(Gen.Select(User, Time).Select(e => new UserEvents.UserUnblocked(e.Item1, e.Item2))),
        Of(Gen.Select(Gen.Int[0, 2], Time).Select(e => new UserEvents.PrivacyChanged((LastSeen)e.Item1, e.Item2))),
        Of(Time.Select(at => new UserEvents.WentOffline(at))),
        Of(
            Gen.Select(Run, Chat, Count, Time)
                .Select(e => new UserEvents.AiReserved(e.Item1, e.Item2, e.Item3, e.Item4))
        ),
        Of(Gen.Select(Run, Gen.Nullable(Count), Time).Select(e => new UserEvents.AiSettled(e.Item1, e.Item2, e.Item3))),
        Of(Gen.Select(Gen.Bool, Time).Select(e => new OperatorEvents.AiSwitched(e.Item1, e.Item2))),
        Of(
            Gen.Select(
                    MaybeText,
                    Text,
                    MaybeTime,
                    ListOf(Device),
                    ListOf(DirectChat),
                    ListOf(Gen.Select(Run, Time, Count).Select(r => new AiReservation(r.Item1, r.Item2, r.Item3))),
                    ListOf(Gen.Select(User, Time).Select(b => new UserEvents.UserBlocked(b.Item1, b.Item2)))
                )
                .Select(s => new UserSnapshot(s.Item1, s.Item2, s.Item3, s.Item4, s.Item5)
                {
                    Ai = new AiUsage { Runs = s.Item6 },
                    Blocked = s.Item7,
                    LastSeen = (LastSeen)(s.Item7.Count % 3),
                })
        ),
        Of(Gen.Select(User, Time).Select(e => new PhoneEvents.PhoneClaimed(e.Item1, e.Item2))),
    }.ToDictionary();

    private static KeyValuePair<Type, Gen<object>> Of<T>(Gen<T> gen)
        where T : class => new(typeof(T), gen.Select(value => (object)value));

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.Frequency((1, Gen.Const((T?)null)), (3, gen.Select(value => (T?)value)));

    private static Gen<IReadOnlyList<T>> ListOf<T>(Gen<T> gen) =>
        gen.Array[0, 5].Select(items => (IReadOnlyList<T>)items);
}
