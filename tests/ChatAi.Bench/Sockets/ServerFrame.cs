using System.Text.Json;

namespace ChatAi.Bench.Sockets;

public enum ServerFrameKind
{
    Ping,
    Ok,
    Err,
    Message,
    OtherEvent,
}

/// <summary>The parts of a server's frame that a load generator needs, whatever the order of the properties.</summary>
public ref struct ServerFrame
{
    public ServerFrameKind Kind { get; private set; }

    public long Re { get; private set; }

    public long Seq { get; private set; }

    public Guid Sender { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    public ReadOnlySpan<byte> Code { get; private set; }

    /// <summary>Only read of events inside <c>sync.get</c> and for set-up: the whole frame.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    public static ServerFrame Read(ReadOnlySpan<byte> bytes)
    {
        var frame = new ServerFrame { Whole = bytes };
        var json = new Utf8JsonReader(bytes);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            frame.ReadTop(ref json);
        }

        return frame;
    }

    private void ReadTop(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("re"u8))
        {
            json.Read();
            Re = json.GetInt64();
        }
        else if (json.ValueTextEquals("ok"u8))
        {
            Kind = ServerFrameKind.Ok;
            json.Read();
            json.Skip();
        }
        else if (json.ValueTextEquals("err"u8))
        {
            Kind = ServerFrameKind.Err;
            json.Read();
            ReadMembers(ref json);
        }
        else if (json.ValueTextEquals("ev"u8))
        {
            json.Read();
            Kind = json.ValueTextEquals("message.created"u8) ? ServerFrameKind.Message : ServerFrameKind.OtherEvent;
        }
        else if (json.ValueTextEquals("seq"u8))
        {
            json.Read();
            Seq = json.GetInt64();
        }
        else if (json.ValueTextEquals("d"u8))
        {
            json.Read();
            ReadMembers(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private void ReadMembers(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("text"u8))
            {
                json.Read();
                Text = json.ValueSpan;
            }
            else if (json.ValueTextEquals("sender"u8))
            {
                json.Read();
                Sender = json.GetGuid();
            }
            else if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                Code = json.ValueSpan;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }
}
