using ChatAi.Faults.Checking;
using ChatAi.Faults.Records;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Testing;

namespace ChatAi.Cluster.Tests.Checking;

/// <summary>A chat of two in which all is well: what the clients recorded, what the journal and the tables hold.</summary>
internal static class Story
{
    public static readonly Guid Chat = new("0190a000-0000-7000-8000-000000000001");
    public static readonly Guid Ada = new("0190a000-0000-7000-8000-00000000000a");
    public static readonly Guid Bob = new("0190a000-0000-7000-8000-00000000000b");
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creation, this many messages in turn, an edit of the first, a deletion of the second, one answered run.</summary>
    public static Observations Of(int messages)
    {
        var events = new List<IChatEvent>
        {
            new ChatEvents.ChatCreated(
                1,
                ChatType.OneToOne,
                null,
                new UserId(Ada),
                [new(new UserId(Ada), MemberRole.Owner), new(new UserId(Bob), MemberRole.Owner)],
                At
            ),
        };
        var sends = new List<Sent>();
        for (var i = 0; i < messages; i++)
        {
            var (sender, seq) = (i % 2 == 0 ? Ada : Bob, i + 2);
            events.Add(Message(seq, sender, Number(0xc, i), $"message {i}", null));
            sends.Add(
                new Sent(sender, Chat, Number(0xc, i), $"message {i}", false, TimeSpan.Zero, TimeSpan.FromSeconds(1))
                {
                    Answers = [new SendAnswer(Chat, seq, Number(0xd, seq), At, false)],
                }
            );
        }

        var head = messages + 1;
        var run = new RunId(Number(0xe, 1));
        events.Add(new ChatEvents.MessageEdited(head + 1, 2, new UserId(Ada), "edited", At));
        events.Add(new ChatEvents.MessageDeleted(head + 2, 3, new UserId(Bob), new UserId(Bob), At));
        events.Add(new ChatEvents.AiRunRequested(run, AiRunKind.Reply, "?", new UserId(Ada), false, 2, 1, At));
        events.Add(Message(head + 3, Wire.Assistant, Number(0xf, 1), "an answer", run));
        events.Add(new ChatEvents.AiRunCompleted(run, null, [], Provenance, At));
        var rows = Rows(events);
        return new Observations(
            [new ObservedChat(Chat, [Ada, Bob])],
            sends,
            [
                new Changed(Ada, Chat, 2, "edited", TimeSpan.Zero, TimeSpan.FromSeconds(1), head + 1),
                new Changed(Bob, Chat, 3, null, TimeSpan.Zero, TimeSpan.FromSeconds(1), head + 2),
            ],
            [.. rows.Select(row => SightingOf(row.Event)).OfType<Sighting>().Select(s => KeyValuePair.Create(s, Bob))],
            [View(Ada, head + 3), View(Bob, head + 3)],
            new Dictionary<Guid, IReadOnlyList<JournalRow>> { [Chat] = rows },
            Table(events),
            [new RunRow(run.Value, Chat, "done", true)],
            []
        );
    }

    public static IReadOnlyList<JournalRow> Rows(IEnumerable<IChatEvent> events) =>
        [.. events.Select((e, i) => new JournalRow(i + 1, e))];

    public static Observations With(
        this Observations seen,
        Func<IReadOnlyList<JournalRow>, IReadOnlyList<JournalRow>> change
    ) =>
        seen with
        {
            Journal = new Dictionary<Guid, IReadOnlyList<JournalRow>> { [Chat] = change(seen.Journal[Chat]) },
        };

    public static FinalView View(Guid person, long head) =>
        new(person, Chat, [.. Enumerable.Range(1, (int)head).Select(seq => (long)seq)]);

    private static readonly AiProvenance Provenance = new("extractive", "quotes", null, "1", 0, 0, 0, 0, 0, At, null);

    private static ChatEvents.MessageSent Message(long seq, Guid sender, Guid cid, string text, RunId? run) =>
        new(
            seq,
            new MessageId(Number(0xd, seq)),
            new UserId(sender),
            run is not null,
            text,
            new ClientMessageId(cid),
            null,
            run,
            [],
            At
        );

    private static List<MessageRow> Table(IEnumerable<IChatEvent> events) =>
        [
            .. events
                .OfType<ChatEvents.MessageSent>()
                .Select(sent => new MessageRow(
                    Chat,
                    sent.Seq,
                    sent.Id.Value,
                    sent.Sender.Value,
                    sent.Cid.Value,
                    sent.Seq switch
                    {
                        2 => "edited",
                        3 => "",
                        _ => sent.Text,
                    },
                    sent.Seq == 3,
                    sent.Run?.Value
                )),
        ];

    private static Sighting? SightingOf(IChatEvent e) =>
        e switch
        {
            ChatEvents.MessageSent sent => new(
                Chat,
                sent.Seq,
                "message.created",
                sent.Id.Value,
                sent.Sender.Value,
                sent.Cid.Value,
                sent.Run?.Value,
                null,
                sent.Text
            ),
            ChatEvents.MessageEdited edited => new(
                Chat,
                edited.Seq,
                "message.edited",
                null,
                null,
                null,
                null,
                edited.Target,
                edited.Text
            ),
            _ => null,
        };

    private static Guid Number(byte kind, long number)
    {
        var bytes = new byte[16];
        bytes[0] = kind;
        BitConverter.TryWriteBytes(bytes.AsSpan(8), number);
        return new Guid(bytes);
    }
}
