using Akka.Configuration;
using Akka.Event;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>
/// Takes the place of the logger with which Akka writes to the console before and after ours is there: a log of JSON
/// lines has no other ones in it. What fails at the start, fails with an exception.
/// </summary>
#pragma warning disable MA0097 // An actor reference is comparable; nobody compares loggers.
public sealed class SilentLogger : MinimalLogger
#pragma warning restore MA0097
{
    public static readonly Config Config = ConfigurationFactory.ParseString(
        $"akka.stdout-logger-class = \"{typeof(SilentLogger).FullName}, {typeof(SilentLogger).Assembly.GetName().Name}\""
    );

    protected override void Log(object message) { }
}
