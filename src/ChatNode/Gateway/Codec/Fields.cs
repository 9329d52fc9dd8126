using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>
/// Reads the members of a JSON object and remembers the first thing that is wrong with them, so that a decoder reads all
/// it wants and asks once (<see cref="Error"/>). A member that is <c>null</c> counts as absent.
/// </summary>
public ref struct Fields(JsonElement d)
{
    public Rejection? Error { get; private set; }

    public Guid Id(ReadOnlySpan<byte> name) => IdOrNull(name) ?? Missing<Guid>(name);

    public Guid? IdOrNull(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } value)
            return null;
        return IdOf(value) ?? Wrong<Guid>(name, "must be a UUID in canonical lower-case text");
    }

    public IReadOnlyList<Guid> Ids(ReadOnlySpan<byte> name, int most)
    {
        if (Find(name) is not { } value)
            return Missing<Guid[]>(name) ?? [];
        if (value.ValueKind != JsonValueKind.Array)
            return Wrong<Guid[]>(name, "must be an array of UUIDs") ?? [];
        if (value.GetArrayLength() > most)
        {
            Error ??= new Rejection(ErrorCode.TooLarge, $"'{Quote(name)}' has at most {most} items.");
            return [];
        }
        var ids = new List<Guid>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (IdOf(item) is not { } id)
                return Wrong<Guid[]>(name, "must hold UUIDs in canonical lower-case text") ?? [];
            ids.Add(id);
        }
        return ids;
    }

    public readonly bool Has(ReadOnlySpan<byte> name) => Find(name) is not null;

    public IReadOnlyList<Guid> IdsOrNone(ReadOnlySpan<byte> name, int most) => Has(name) ? Ids(name, most) : [];

    public string Text(ReadOnlySpan<byte> name) => TextOrNull(name) ?? Missing<string>(name) ?? "";

    public string? TextOrNull(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Wrong<string>(name, "must be a string");
        return TextOf(value) ?? Wrong<string>(name, "must be valid Unicode without U+0000");
    }

    public long Seq(ReadOnlySpan<byte> name) => SeqOrNull(name) ?? Missing<long>(name);

    /// <summary>A number of a chat's events: 0 or more.</summary>
    public long? SeqOrNull(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seq) && seq >= 0)
            return seq;
        return Wrong<long>(name, "must be a whole number of 0 or more");
    }

    /// <summary>1 or more; what is above <paramref name="most"/> counts as that.</summary>
    public int? LimitOrNull(ReadOnlySpan<byte> name, int most)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var limit) && limit >= 1)
            return (int)Math.Min(limit, most);
        return Wrong<int>(name, "must be a whole number of 1 or more");
    }

    public bool Bool(ReadOnlySpan<byte> name) => BoolOrNull(name) ?? Missing<bool>(name);

    public bool? BoolOrNull(ReadOnlySpan<byte> name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : Wrong<bool>(name, "must be true or false");

    public JsonElement? ObjectOrNull(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return value;
        Wrong<bool>(name, "must be an object");
        return null;
    }

    /// <summary>One of the given words.</summary>
    public T OneOf<T>(ReadOnlySpan<byte> name, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        var word = Text(name);
        foreach (var (known, value) in words)
            if (known == word)
                return value;
        var list = "";
        foreach (var (known, _) in words)
            list += list.Length == 0 ? $"'{known}'" : $", '{known}'";
        return Wrong<T>(name, $"must be one of {list}");
    }

    public T? OneOfOrNull<T>(ReadOnlySpan<byte> name, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (TextOrNull(name) is null)
            return null;
        return OneOf(name, words);
    }

    /// <summary>A UUID in canonical lower-case text, or null.</summary>
    public static Guid? IdOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? IdOf(JsonMarshal.GetRawUtf8Value(value)[1..^1]) : null;

    public static Guid? IdOf(ReadOnlySpan<byte> text) =>
        text.Length == 36
        && text.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0
        && Utf8Parser.TryParse(text, out Guid id, out var read, 'D')
        && read == 36
            ? id
            : null;

    /// <summary>The text, or null where it cannot be stored: a lone surrogate, U+0000.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            var text = value.GetString();
            return text is not null && TextRules.IsStorable(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair.
            return null;
        }
    }

    public void Fail(string message) => Error ??= new Rejection(ErrorCode.BadRequest, message);

    private readonly JsonElement? Find(ReadOnlySpan<byte> name) =>
        d.ValueKind == JsonValueKind.Object
        && d.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private T? Missing<T>(ReadOnlySpan<byte> name)
    {
        // After another error the caller's default is no news.
        Error ??= new Rejection(ErrorCode.BadRequest, $"'{Quote(name)}' is missing.");
        return default;
    }

    private T? Wrong<T>(ReadOnlySpan<byte> name, string must)
    {
        Error ??= new Rejection(ErrorCode.BadRequest, $"'{Quote(name)}' {must}.");
        return default;
    }

    private static string Quote(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name);
}
