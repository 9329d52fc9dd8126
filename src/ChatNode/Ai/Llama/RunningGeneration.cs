using System.Text;
using System.Threading.Channels;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>Somebody who waits for an answer.</summary>
internal sealed class Listener
{
    private readonly Channel<GenerationPiece> _pieces = Channel.CreateUnbounded<GenerationPiece>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }
    );

    public ChannelReader<GenerationPiece> Pieces => _pieces.Reader;

    /// <summary>The loop has seen that this one left, or has said its last word to it.</summary>
    public bool IsDone => Volatile.Read(ref _done);

    private bool _done;

    public void Hear(GenerationPiece piece) => _pieces.Writer.TryWrite(piece);

    public void End(Exception? reason = null)
    {
        Volatile.Write(ref _done, true);
        _pieces.Writer.TryComplete(reason);
    }
}

/// <summary>An answer that waits or is being made, for everyone who asked for the same.</summary>
internal sealed class RunningGeneration(GenerationRequest request, int[] prompt, long order)
{
    private readonly List<Listener> _listeners = [];
    private readonly StringBuilder _text = new();
    private readonly Sampler _sampler = new(request.Options.Temperature, request.Options.Seed);
    private readonly AnswerText _answer = new(request.Options.Stop);
    private readonly List<int> _output = [];

    public string Key => request.Key;
    public long Order => order;
    public GenerationClass Class { get; private set; } = request.Class;
    public int PromptTokens => prompt.Length;
    public int[] Prompt => prompt;

    /// <summary>Prompt and answer so far: what the slot is to hold.</summary>
    public List<int> Tokens { get; } = [.. prompt];
    public int CachedTokens { get; set; }
    public bool IsWanted => _listeners.Count > 0;

    public bool IsSameAs(int[] otherPrompt, GenerationOptions options) =>
        request.Options.SameAs(options) && prompt.AsSpan().SequenceEqual(otherPrompt);

    /// <summary>Who comes late gets what was said so far.</summary>
    public void Join(Listener listener, GenerationClass wanted)
    {
        if (wanted < Class)
            Class = wanted;
        if (_text.Length > 0)
            listener.Hear(new GenerationPiece(_text.ToString(), null));
        _listeners.Add(listener);
    }

    public bool Leave(Listener listener) => _listeners.Remove(listener);

    public int Choose(ReadOnlySpan<float> logits) => _sampler.Next(logits, _output);

    /// <summary>Takes the next token; not null when the answer is over with it.</summary>
    public GenerationFinish? Add(int token, ReadOnlySpan<byte> piece, int contextTokens)
    {
        _output.Add(token);
        Tokens.Add(token);
        Tell(_answer.Take(piece));
        return _answer.IsStopped ? GenerationFinish.Stop
            : LoopDetector.IsLooping(_output) ? GenerationFinish.Loop
            : _output.Count >= request.Options.MaxTokens || Tokens.Count >= contextTokens ? GenerationFinish.Length
            : null;
    }

    public void Finish(GenerationFinish finish)
    {
        Tell(_answer.End());
        var result = new GenerationResult(finish, PromptTokens, CachedTokens, _output.Count);
        foreach (var listener in _listeners)
        {
            listener.Hear(new GenerationPiece("", result));
            listener.End();
        }
        _listeners.Clear();
    }

    public void Fail(Exception reason)
    {
        foreach (var listener in _listeners)
            listener.End(reason);
        _listeners.Clear();
    }

    private void Tell(string text)
    {
        if (text.Length == 0)
            return;
        _text.Append(text);
        foreach (var listener in _listeners)
            listener.Hear(new GenerationPiece(text, null));
    }
}
