using System.Text.Json;

namespace ChatAi.Bench.Sockets;

/// <summary>The parts of a client's frame that the relay needs. Spans of text are as they stand in the JSON.</summary>
public ref struct ClientFrame
{
    public long Id { get; private set; }

    public ReadOnlySpan<byte> Op { get; private set; }

    public ReadOnlySpan<byte> Token { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    public Guid Chat { get; private set; }

    public Guid Cid { get; private set; }

    public Guid Member { get; private set; }

    /// <summary>An empty <see cref="Op"/> means an empty object, the answer to a ping.</summary>
    public static ClientFrame Read(ReadOnlySpan<byte> bytes)
    {
        var frame = new ClientFrame { Op = bytes[..0] };
        var json = new Utf8JsonReader(bytes);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                frame.ReadProperty(ref json);
            }
        }

        return frame;
    }

    private void ReadProperty(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("id"u8))
        {
            json.Read();
            Id = json.GetInt64();
        }
        else if (json.ValueTextEquals("op"u8))
        {
            json.Read();
            Op = json.ValueSpan;
        }
        else if (json.ValueTextEquals("chat"u8))
        {
            json.Read();
            Chat = json.GetGuid();
        }
        else if (json.ValueTextEquals("cid"u8))
        {
            json.Read();
            Cid = json.GetGuid();
        }
        else if (json.ValueTextEquals("text"u8))
        {
            json.Read();
            Text = json.ValueSpan;
        }
        else if (json.ValueTextEquals("token"u8))
        {
            json.Read();
            Token = json.ValueSpan;
        }
        else if (json.ValueTextEquals("members"u8))
        {
            json.Read();
            json.Read();
            Member = json.GetGuid();
        }
    }
}
