using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ChatAi.ChatNode.Telemetry;

/// <param name="json">One JSON object a line, else plain text.</param>
public sealed class LogLinesSettings(bool json)
{
    private volatile string _node = "";

    public bool Json { get; } = json;

    /// <summary>Which node writes; known for good once it is up.</summary>
    public string Node
    {
        get => _node;
        set => _node = value;
    }
}

/// <summary>The console's lines. Phone numbers are shortened, wherever they come from.</summary>
public sealed class LogLines(LogLinesSettings settings, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "chatai";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (!PhoneNumbersAreWanted(logEntry.Category))
            message = PhoneNumberMask.Apply(message);
        var (source, said) = AkkaLine.Split(logEntry.Category, message);
        if (settings.Json)
            textWriter.WriteLine(JsonOf(logEntry, source, said));
        else
            WriteText(logEntry, source, said, textWriter);
    }

    // Where the log is how codes reach their owners, an operator must see whose they are.
    private static bool PhoneNumbersAreWanted(string category) => category == typeof(Accounts.LogCodeSender).FullName;

    private string JsonOf<TState>(in LogEntry<TState> entry, string? source, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var w = new Utf8JsonWriter(buffer, Options))
        {
            w.WriteStartObject();
            w.WriteTime("time"u8, time.GetUtcNow());
            w.WriteString("level"u8, NameOf(entry.LogLevel));
            w.WriteString("node"u8, settings.Node);
            w.WriteString("category"u8, entry.Category);
            if (source is not null)
                w.WriteString("source"u8, source);
            w.WriteString("message"u8, message);
            if (entry.EventId.Id != 0)
                w.WriteNumber("event"u8, entry.EventId.Id);
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            {
                w.WriteString("trace"u8, activity.TraceId.ToHexString());
                w.WriteString("span"u8, activity.SpanId.ToHexString());
            }
            if (entry.Exception is { } exception)
                w.WriteString("error"u8, PhoneNumberMask.Apply(exception.ToString()));
            w.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteText<TState>(in LogEntry<TState> entry, string? source, string message, TextWriter writer)
    {
        writer.Write(JsonWriting.Format(time.GetUtcNow()));
        writer.Write($" {NameOf(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] ");
        if (source is not null)
            writer.Write($"{source}: ");
        writer.Write(OneLine(message));
        if (entry.Exception is { } exception)
            writer.Write(" " + OneLine(PhoneNumberMask.Apply(exception.ToString())));
        writer.WriteLine();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string NameOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}
