using System.Runtime.Serialization;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>Requests to the assistant, their ends, and the rolling summary.</summary>
internal static class AiRunMapping
{
    public static Stored.AiRunRequested ToWire(ChatEvents.AiRunRequested e)
    {
        var wire = new Stored.AiRunRequested
        {
            Run = e.Run.ToWire(),
            Kind = e.Kind.ToWire(),
            Prompt = e.Prompt,
            By = e.By.ToWire(),
            Private = e.Private,
            FromSeq = e.FromSeq,
            At = e.At.ToWire(),
            Unasked = e.Unasked,
        };
        if (e.RegeneratedFrom is { } old)
            wire.RegeneratedFrom = old.ToWire();
        if (e.TriggerSeq is { } trigger)
            wire.TriggerSeq = trigger;
        return wire;
    }

    public static ChatEvents.AiRunRequested ToDomain(Stored.AiRunRequested wire) =>
        new(
            wire.Run.ToRunId(),
            wire.Kind.ToDomain(),
            wire.Prompt,
            wire.By.ToUserId(),
            wire.Private,
            wire.HasTriggerSeq ? wire.TriggerSeq : null,
            wire.FromSeq,
            wire.At.ToTime(),
            wire.HasRegeneratedFrom ? wire.RegeneratedFrom.ToRunId() : null,
            wire.Unasked
        );

    public static Stored.AiRunCompleted ToWire(ChatEvents.AiRunCompleted e)
    {
        var wire = new Stored.AiRunCompleted
        {
            Run = e.Run.ToWire(),
            Provenance = ToWire(e.Provenance),
            At = e.At.ToWire(),
        };
        if (e.Text is not null)
            wire.Text = e.Text;
        wire.Cites.AddRange(e.Cites);
        return wire;
    }

    public static ChatEvents.AiRunCompleted ToDomain(Stored.AiRunCompleted wire) =>
        new(
            wire.Run.ToRunId(),
            wire.HasText ? wire.Text : null,
            wire.Cites.ToList(),
            ToDomain(wire.Provenance),
            wire.At.ToTime()
        );

    public static Stored.AiRunFailed ToWire(ChatEvents.AiRunFailed e) =>
        new()
        {
            Run = e.Run.ToWire(),
            Code = e.Code,
            Reason = e.Reason,
            At = e.At.ToWire(),
        };

    public static ChatEvents.AiRunFailed ToDomain(Stored.AiRunFailed wire) =>
        new(wire.Run.ToRunId(), wire.Code, wire.Reason, wire.At.ToTime());

    public static Stored.AiRunCancelled ToWire(ChatEvents.AiRunCancelled e) =>
        new()
        {
            Run = e.Run.ToWire(),
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };

    public static ChatEvents.AiRunCancelled ToDomain(Stored.AiRunCancelled wire) =>
        new(wire.Run.ToRunId(), wire.By.ToUserId(), wire.At.ToTime());

    public static Stored.SummaryUpdated ToWire(ChatEvents.SummaryUpdated e)
    {
        var wire = new Stored.SummaryUpdated
        {
            Run = e.Run.ToWire(),
            Text = e.Text,
            FromSeq = e.FromSeq,
            LatestSeq = e.LatestSeq,
            LatestMessage = e.LatestMessage.ToWire(),
            InputHash = e.InputHash,
            Provenance = ToWire(e.Provenance),
            At = e.At.ToWire(),
        };
        wire.Cites.AddRange(e.Cites);
        return wire;
    }

    public static ChatEvents.SummaryUpdated ToDomain(Stored.SummaryUpdated wire) =>
        new(
            wire.Run.ToRunId(),
            wire.Text,
            wire.FromSeq,
            wire.LatestSeq,
            wire.LatestMessage.ToMessageId(),
            wire.InputHash,
            wire.Cites.ToList(),
            ToDomain(wire.Provenance),
            wire.At.ToTime()
        );

    public static Stored.SummaryBlockMade ToWire(ChatEvents.SummaryBlockMade e)
    {
        var wire = new Stored.SummaryBlockMade
        {
            Run = e.Run.ToWire(),
            Level = e.Block.Level,
            FirstSeq = e.Block.First,
            Messages = e.Block.Messages,
            InputHash = e.Block.InputHash,
            Text = e.Block.Text,
            Model = e.Model,
            PromptVersion = e.PromptVersion,
            At = e.At.ToWire(),
        };
        if (e.Seed is { } seed)
            wire.Seed = seed;
        wire.Cites.AddRange(e.Block.Cites);
        return wire;
    }

    public static ChatEvents.SummaryBlockMade ToDomain(Stored.SummaryBlockMade wire) =>
        new(
            wire.Run.ToRunId(),
            new SummaryBlock(wire.Level, wire.FirstSeq, wire.Messages, wire.InputHash, wire.Text, wire.Cites.ToList())
            {
                Version = wire.PromptVersion,
            },
            wire.Model,
            wire.PromptVersion,
            wire.HasSeed ? wire.Seed : null,
            wire.At.ToTime()
        );

    public static Stored.AiProvenance ToWire(AiProvenance p)
    {
        var wire = new Stored.AiProvenance
        {
            Provider = p.Provider,
            Model = p.Model,
            PromptVersion = p.PromptVersion,
            SummaryVersion = p.SummaryVersion,
            FirstSeq = p.FirstSeq,
            LastSeq = p.LastSeq,
            TokensIn = p.TokensIn,
            TokensOut = p.TokensOut,
            StartedAt = p.StartedAt.ToWire(),
        };
        if (p.ModelSha256 is not null)
            wire.ModelSha256 = p.ModelSha256;
        if (p.FirstTokenAt is { } first)
            wire.FirstTokenAt = first.ToWire();
        if (p.Seed is { } seed)
            wire.Seed = seed;
        wire.Blocks.AddRange(
            p.Blocks.Select(b => new Stored.AiUsedBlock
            {
                Level = b.Level,
                FirstSeq = b.First,
                Version = b.Version,
            })
        );
        if (p.Pieces is { } pieces)
            wire.Pieces = new Stored.AiPieces { Asked = pieces.Asked, Kept = pieces.Kept };
        if (p.TokensCached is { } cached)
            wire.TokensCached = cached;
        return wire;
    }

    public static AiProvenance ToDomain(Stored.AiProvenance? wire) =>
        wire is null
            ? throw new SerializationException("An answer of the assistant lacks its provenance.")
            : new AiProvenance(
                wire.Provider,
                wire.Model,
                wire.HasModelSha256 ? wire.ModelSha256 : null,
                wire.PromptVersion,
                wire.SummaryVersion,
                wire.FirstSeq,
                wire.LastSeq,
                wire.TokensIn,
                wire.TokensOut,
                wire.StartedAt.ToTime(),
                wire.HasFirstTokenAt ? wire.FirstTokenAt.ToTime() : null
            )
            {
                Seed = wire.HasSeed ? wire.Seed : null,
                Blocks = [.. wire.Blocks.Select(b => new AiUsedBlock(b.Level, b.FirstSeq, b.Version))],
                Pieces = wire.Pieces is { } pieces ? new AiPieces(pieces.Asked, pieces.Kept) : null,
                TokensCached = wire.HasTokensCached ? wire.TokensCached : null,
            };
}
