using System.Text.Json;
using ChatAi.ChatNode.Gateway.Operations;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>The answer of <c>search</c>, the same over HTTP and WebSocket.</summary>
public static class SearchJson
{
    public static void Write(Utf8JsonWriter w, SearchHits hits)
    {
        w.WriteStartObject();
        w.WriteStartArray("hits"u8);
        foreach (var hit in hits.Hits)
        {
            w.WriteStartObject();
            w.WriteString("chat"u8, hit.Chat.Value);
            w.WriteNumber("seq"u8, hit.Message.Seq);
            w.WriteString("msg"u8, hit.Message.Id.Value);
            w.WriteString("sender"u8, hit.Message.Sender.Value);
            w.WriteBoolean("is_ai"u8, hit.Message.IsAi);
            w.WriteTime("ts"u8, hit.Message.At);
            w.WriteString("snippet"u8, hit.Snippet.Text);
            w.WriteStartArray("marks"u8);
            foreach (var mark in hit.Snippet.Marks)
            {
                w.WriteStartArray();
                w.WriteNumberValue(mark.Start);
                w.WriteNumberValue(mark.End);
                w.WriteEndArray();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStringOrNull("next"u8, hits.Next);
        w.WriteEndObject();
    }
}
