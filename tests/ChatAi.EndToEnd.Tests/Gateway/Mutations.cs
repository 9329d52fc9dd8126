using System.Text;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>Makes hostile input of good input: the same seed makes the same.</summary>
internal sealed class Mutations(int seed)
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "9223372036854775808",
        "0.1",
        "\"\"",
        "\" \"",
        "[]",
        "{}",
        "[[[[[[[[]]]]]]]]",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"' OR 1=1 --\"",
        "\"../../etc/passwd\"",
        "\"<script>alert(1)</script>\"",
        "\"\\u202e\\u2066\"",
        "\"\\\" AND NEAR(a b) * ^\"",
        "\"%s%n%x\"",
        "\"line\\r\\nbreak\"",
    ];

    private readonly Random _random = new(seed);

    public string Pick(IReadOnlyList<string> of) => of[_random.Next(of.Count)];

    /// <summary>Another text of the JSON, by one or two changes.</summary>
    public byte[] Of(string json)
    {
        var text = json;
        for (var changes = _random.Next(1, 3); changes > 0; changes--)
            text = Change(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        // One in ten is no text any more.
        if (_random.Next(10) == 0 && bytes.Length > 0)
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(128, 256);
        return bytes;
    }

    private string Change(string text)
    {
        if (text.Length < 2)
            return Values[_random.Next(Values.Length)];
        var at = _random.Next(text.Length);
        return _random.Next(20) switch
        {
            0 => text[..at],
            1 => text.Remove(at, Math.Min(_random.Next(1, 5), text.Length - at)),
            2 => text.Insert(at, "{}[]\",:\\0x"[_random.Next(10)].ToString()),
            3 => text + text[at..],
            4 => text.Insert(at, new string('[', _random.Next(1, 200))),
            5 => text.Replace("{", "{\"x\":1,\"x\":2,", StringComparison.Ordinal),
            _ => WithOtherValue(text),
        };
    }

    private string WithOtherValue(string text)
    {
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToList();
        if (colons.Count == 0)
            return text;
        var colon = colons[_random.Next(colons.Count)];
        var end = text.IndexOfAny([',', '}'], colon);
        return end < 0 ? text : $"{text[..(colon + 1)]}{Values[_random.Next(Values.Length)]}{text[end..]}";
    }
}
