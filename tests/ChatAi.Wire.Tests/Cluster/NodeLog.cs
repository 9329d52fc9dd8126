using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>What an actor system logs from now on, as text, warnings and worse.</summary>
internal sealed class NodeLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public static NodeLog Of(ActorSystem system)
    {
        var log = new NodeLog();
        var listener = system.ActorOf(Props.Create(() => new Listener(log._lines.Writer)));
        system.EventStream.Subscribe(listener, typeof(Warning));
        system.EventStream.Subscribe(listener, typeof(Error));
        return log;
    }

    /// <summary>The next line that has the text in it.</summary>
    /// <exception cref="OperationCanceledException">None comes.</exception>
    public async Task<string> NextAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
            if (
                await _lines.Reader.ReadAsync(patience.Token) is var line
                && line.Contains(text, StringComparison.Ordinal)
            )
                return line;
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ChannelWriter<string> lines) =>
            Receive<LogEvent>(e => lines.TryWrite($"{e.Message} {e.Cause}"));
    }
}
