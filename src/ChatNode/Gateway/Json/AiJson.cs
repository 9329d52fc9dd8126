using System.Globalization;
using System.Text.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>Answers about the assistant's work.</summary>
public static class AiJson
{
    public static void WriteStarted(Utf8JsonWriter w, RunStarted started)
    {
        w.WriteStartObject();
        w.WriteString("run"u8, started.Run.Value);
        w.WriteEndObject();
    }

    /// <summary>The answer of <c>ai.snapshot</c>.</summary>
    public static void WriteSnapshot(Utf8JsonWriter w, RunState state)
    {
        w.WriteStartObject();
        w.WriteString("status"u8, state.Row.Status.Name());
        w.WriteString("text"u8, state.Text);
        w.WriteNumber("off"u8, state.Text.Length);
        if (state.Place is { } place)
            w.WriteNumber("place"u8, place);
        w.WriteEndObject();
    }

    /// <summary>The answer of <c>GET /v1/ai/runs/{run}</c>: state, text so far and provenance, flat.</summary>
    public static void WriteRun(Utf8JsonWriter w, RunState state)
    {
        var run = state.Row;
        w.WriteStartObject();
        w.WriteString("run"u8, run.Run.Value);
        w.WriteString("chat"u8, run.Chat.Value);
        w.WriteString("kind"u8, run.Kind.Name());
        w.WriteString("by"u8, run.By.Value);
        w.WriteBoolean("private"u8, run.Private);
        w.WriteString("status"u8, run.Status.Name());
        w.WriteString("text"u8, state.Text);
        w.WriteNumber("off"u8, state.Text.Length);
        if (state.Place is { } place)
            w.WriteNumber("place"u8, place);
        if (run.Withdrawn)
            w.WriteBoolean("withdrawn"u8, true);
        if (run.MessageSeq is { } seq)
            w.WriteNumber("seq"u8, seq);
        w.WriteSeqs("cites"u8, run.Cites);
        if (run.RegeneratedFrom is { } old)
            w.WriteString("regenerated_from"u8, old.Value);
        w.WriteTime("requested_at"u8, run.RequestedAt);
        if (run.EndedAt is { } endedAt)
            w.WriteTime("ended_at"u8, endedAt);
        if (run.Provenance is { } provenance)
            WriteProvenance(w, provenance);
        if (run.Failure is { } failure)
            w.WriteRejection("err"u8, failure);
        w.WriteEndObject();
    }

    private static void WriteProvenance(Utf8JsonWriter w, AiProvenance provenance)
    {
        w.WriteString("provider"u8, provenance.Provider);
        w.WriteString("model"u8, provenance.Model);
        w.WriteStringOrNull("model_sha256"u8, provenance.ModelSha256);
        w.WriteString("prompt_version"u8, provenance.PromptVersion);
        w.WriteNumber("summary_version"u8, provenance.SummaryVersion);
        w.WriteNumber("first_seq"u8, provenance.FirstSeq);
        w.WriteNumber("last_seq"u8, provenance.LastSeq);
        w.WriteNumber("tokens_in"u8, provenance.TokensIn);
        w.WriteNumber("tokens_out"u8, provenance.TokensOut);
        w.WriteTime("started_at"u8, provenance.StartedAt);
        w.WriteTimeOrNull("first_token_at"u8, provenance.FirstTokenAt);
        // As text: it has more digits than a number of JavaScript holds.
        if (provenance.Seed is { } seed)
            w.WriteString("seed"u8, seed.ToString(CultureInfo.InvariantCulture));
        if (provenance.TokensCached is { } cached)
            w.WriteNumber("tokens_cached"u8, cached);
        if (provenance.Pieces is { } pieces)
        {
            w.WriteStartObject("pieces"u8);
            w.WriteNumber("asked"u8, pieces.Asked);
            w.WriteNumber("kept"u8, pieces.Kept);
            w.WriteEndObject();
        }
        if (provenance.Blocks.Count > 0)
            WriteBlocks(w, provenance.Blocks);
    }

    private static void WriteBlocks(Utf8JsonWriter w, IReadOnlyList<AiUsedBlock> blocks)
    {
        w.WriteStartArray("blocks"u8);
        foreach (var block in blocks)
        {
            w.WriteStartObject();
            w.WriteNumber("level"u8, block.Level);
            w.WriteNumber("first_seq"u8, block.First);
            w.WriteNumber("last_seq"u8, block.Last);
            w.WriteString("version"u8, block.Version);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>The answer of <c>GET /v1/chats/{id}/summary</c>.</summary>
    public static void WriteSummary(Utf8JsonWriter w, SummaryState state)
    {
        w.WriteStartObject();
        w.WriteString("rolling_summary_text"u8, state.Summary.Text);
        w.WriteString("latest_summarized_msg_id"u8, state.Summary.LatestMessage.Value);
        w.WriteNumber("latest_summarized_seq"u8, state.Summary.LatestSeq);
        w.WriteNumber("unseen_count"u8, state.UnseenCount);
        w.WriteTime("updated_at"u8, state.Summary.At);
        w.WriteSeqs("cites"u8, state.Summary.Cites);
        w.WriteEndObject();
    }
}
