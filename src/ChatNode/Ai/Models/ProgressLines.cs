namespace ChatAi.ChatNode.Ai.Models;

/// <summary>Progress for people: one line that changes on a terminal, plain lines now and then elsewhere.</summary>
public sealed class ProgressLines(TextWriter to, bool isTerminal, TimeProvider time) : IProgress<DownloadState>
{
    private readonly TimeSpan _every = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);
    private long? _said;
    private long _rateSince;
    private long _rateBytes;
    private bool _isOpen;

    public void Report(DownloadState value)
    {
        if (_said is null)
            (_rateSince, _rateBytes) = (time.GetTimestamp(), value.Bytes);
        else if (time.GetElapsedTime(_said.Value) < _every && value.Bytes != value.Total)
            return;
        _said = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_rateSince).TotalSeconds;
        var rate = seconds > 0.5 ? $", {Sizes.Of((long)((value.Bytes - _rateBytes) / seconds))}/s" : "";
        var text = value.Total is { } total
            ? $"{Sizes.Of(value.Bytes)} of {Sizes.Of(total)} ({100 * value.Bytes / Math.Max(1, total)} %){rate}"
            : $"{Sizes.Of(value.Bytes)}{rate}";
        if (isTerminal)
            to.Write($"\r{text}   ");
        else
            to.WriteLine(text);
        _isOpen = isTerminal;
    }

    public void Say(string line)
    {
        if (_isOpen)
            to.WriteLine();
        _isOpen = false;
        to.WriteLine(line);
    }
}
