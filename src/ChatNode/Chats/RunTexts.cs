using System.Text;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Chats;

/// <summary>The answers that are being written right now, as far as they got. Not journaled: a restart begins anew.</summary>
public sealed class RunTexts
{
    private readonly Dictionary<RunId, StringBuilder> _texts = [];

    public void Start(RunId run) => _texts[run] = new StringBuilder();

    public void End(RunId run) => _texts.Remove(run);

    public void Clear() => _texts.Clear();

    public bool IsRunning(RunId run) => _texts.ContainsKey(run);

    public string TextOf(RunId run) => _texts.GetValueOrDefault(run)?.ToString() ?? "";

    /// <summary>Takes a piece that follows what is there; repeated and misplaced pieces are not taken.</summary>
    public bool Append(RunId run, int off, string text)
    {
        if (!_texts.TryGetValue(run, out var soFar) || soFar.Length != off || text.Length == 0)
            return false;
        if (soFar.Length + text.Length > Limits.TextLength)
            return false;
        soFar.Append(text);
        return true;
    }
}
