namespace ChatAi.Conformance;

/// <summary>Whole lines: a client that is driven writes from several tasks.</summary>
internal static class Out
{
    public static void Line(string text) => Console.Out.WriteLine(text);

    public static void Note(string text) => Console.Error.WriteLine(text);
}
