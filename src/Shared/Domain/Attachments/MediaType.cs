namespace ChatAi.Shared.Domain.Attachments;

/// <summary>What a file is said to be, and what may be done with it.</summary>
public static class MediaType
{
    public const string Unknown = "application/octet-stream";
    public const string Text = "text/plain";
    private const int MostChars = 127;

    // Shown in place; everything else is a download. No type that can carry a script.
    private static readonly HashSet<string> Inline =
    [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/webm",
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        Text,
    ];

    public static bool IsInline(string type) => Inline.Contains(type);

    public static bool IsPicture(string type) => type.StartsWith("image/", StringComparison.Ordinal);

    public static bool IsMoving(string type) => type.StartsWith("video/", StringComparison.Ordinal);

    /// <summary>Type and subtype in lower case, without parameters; <see cref="Unknown"/> where nothing was said; null where it is no media type.</summary>
    public static string? Parse(string? header)
    {
        var text = (header ?? "").Split(';', 2)[0].Trim();
        if (text.Length == 0)
            return Unknown;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (text.Length > MostChars || slash <= 0 || slash == text.Length - 1)
            return null;
        for (var i = 0; i < text.Length; i++)
            if (i != slash && !IsToken(text[i]))
                return null;
        return text.ToLowerInvariant();
    }

    // RFC 9110, section 5.6.2, without what no registered type has.
    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' or '_';

    /// <summary>What is stored of a declared and a found type; null where the bytes belie a picture or a video.</summary>
    /// <param name="found">What the first bytes say (<see cref="Signature"/>); null for nothing that is known.</param>
    public static string? Settle(string declared, string? found)
    {
        declared = declared switch
        {
            "image/jpg" => "image/jpeg",
            "audio/x-wav" or "audio/wave" => "audio/wav",
            "audio/mp3" => "audio/mpeg",
            "application/ogg" => "audio/ogg",
            _ => declared,
        };
        var isShown = IsPicture(declared) || IsMoving(declared);
        if (found is null or Text or Signature.Zip)
        {
            // One that its first bytes would show.
            if (isShown && Signature.Knows(declared))
                return null;
            // Files of many kinds are archives or text inside; a picture is no archive.
            if (isShown && found == Signature.Zip)
                return null;
            return declared == Unknown ? found ?? Unknown : declared;
        }
        if (isShown && declared != found && !IsSameContainer(declared, found))
            return null;
        return found;
    }

    // The same container holds sound alone or sound and pictures.
    private static bool IsSameContainer(string declared, string found) =>
        (declared, found) is ("video/ogg", "audio/ogg") or ("video/quicktime", "video/mp4");
}
