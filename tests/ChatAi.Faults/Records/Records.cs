using ChatAi.Testing;

namespace ChatAi.Faults.Records;

/// <summary>One message as its sender knows it.</summary>
/// <param name="Answers">Every <c>ok</c>, in order; a repeat must bring the first one again.</param>
/// <param name="Refused">The code of a refusal that says not to try again.</param>
public sealed record Sent(
    Guid Sender,
    Guid Chat,
    Guid Cid,
    string Text,
    bool Probe,
    TimeSpan FirstAt,
    TimeSpan? AckedAt = null,
    string? Refused = null
)
{
    public IReadOnlyList<SendAnswer> Answers { get; init; } = [];
}

/// <summary>One edit or deletion (<paramref name="Text"/> is null) as its author knows it.</summary>
/// <param name="Seq">The number of its event, from the answer.</param>
public sealed record Changed(
    Guid By,
    Guid Chat,
    long Target,
    string? Text,
    TimeSpan FirstAt,
    TimeSpan? AckedAt = null,
    long? Seq = null,
    string? Refused = null
);

/// <summary>What some client saw at a number of a chat. Two different ones for one number are a fault.</summary>
public sealed record Sighting(
    Guid Chat,
    long Seq,
    string Ev,
    Guid? Msg,
    Guid? Sender,
    Guid? Cid,
    Guid? Run,
    long? Target,
    string? Text
)
{
    public static Sighting Of(ChatEvent durable) =>
        new(
            durable.Chat!.Value,
            durable.Seq!.Value,
            durable.Ev,
            durable.Field("msg")?.GetGuid(),
            durable.Sender,
            durable.Cid,
            durable.Run,
            durable.Field("target")?.GetInt64(),
            durable.Text
        );
}

/// <summary>What a member's client ended with: the numbers it showed, in the order that it showed them.</summary>
public sealed record FinalView(Guid Person, Guid Chat, IReadOnlyList<long> Seqs);

public sealed record Refusal(TimeSpan At, string Code);

/// <summary>A socket ended; null where it just broke off.</summary>
public sealed record Closing(TimeSpan At, int? Code);

/// <summary>A client that had sent something waited for its answer.</summary>
public sealed record Wait(Guid Person, TimeSpan From, TimeSpan Until);
