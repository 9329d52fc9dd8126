namespace ChatAi.Client;

/// <summary>How a client behaves; every bound is a bound of memory.</summary>
public sealed record ChatAiClientOptions
{
    /// <summary>What <c>hello</c> says of this program.</summary>
    public string ClientName { get; init; } = "dotnet/1";

    /// <summary>What <c>hello</c> says of this device.</summary>
    public string DeviceName { get; init; } = "dotnet";

    /// <summary>Events that wait for their reader. When full, the socket is read no further and the server holds back.</summary>
    public int EventsWaiting { get; init; } = 1024;

    /// <summary>Messages that wait for their answer; one more is refused.</summary>
    public int OutboxSize { get; init; } = 1000;

    /// <summary>A chat that is further behind is not read through: the reader gets <see cref="ChatStale"/> instead.</summary>
    public long MaxCatchUp { get; init; } = 10_000;

    /// <summary>How long an answer may take before the request counts as lost.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long connecting and <c>hello</c> may take together.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The first pause before connecting again; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where an earlier run of this device was, from <see cref="ChatAiClient.Position"/>.</summary>
    public ClientPosition? Resume { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How far each chat was handled, to go on from after a restart of the program.</summary>
public sealed record ClientPosition(string Epoch, IReadOnlyDictionary<Guid, long> Chats);
