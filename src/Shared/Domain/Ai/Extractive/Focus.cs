using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>What a summary was asked to be about: "@AI summarize the plans for Friday".</summary>
internal sealed class Focus(string prompt)
{
    /// <summary>Words that speak of the chat as a whole and so ask for nothing in particular.</summary>
    private const string Everything =
        "chat talk thread discussion conversation message messages channel group everything last past today yesterday "
        + "week day hour hours minutes since new recent happened missed said people unread short brief";

    private static readonly HashSet<string> General = [.. Everything.Split(' ').Select(Stems.Of)];

    private readonly HashSet<string> _stems =
    [
        .. Stems.Content(prompt).Where(s => !General.Contains(s) && !s.All(char.IsAsciiDigit)),
    ];

    /// <summary>The share of the asked words that a text has, 0 to 1.</summary>
    public double Share(string text) =>
        _stems.Count == 0 ? 0 : (double)Stems.Content(text).Distinct().Count(_stems.Contains) / _stems.Count;
}
