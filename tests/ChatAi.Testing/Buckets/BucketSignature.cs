using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatAi.Testing.Buckets;

/// <summary>One request as it is signed: AWS Signature Version 4 with the rules of S3, from its specification.</summary>
/// <param name="Path">As it came, with its escapes.</param>
/// <param name="Query">As it came, without the question mark.</param>
/// <param name="Headers">The signed ones, by lower-case name.</param>
public sealed record SignedRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    string BodyHash
);

/// <summary>What a bucket's server makes of the header <c>Authorization</c>.</summary>
public static class BucketSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Null where the header is not one of this kind.</summary>
    public static (string Key, string Scope, string[] Headers, string Signature)? Parse(string? authorization)
    {
        if (authorization?.StartsWith(Algorithm + " ", StringComparison.Ordinal) != true)
            return null;
        var parts = authorization[(Algorithm.Length + 1)..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1]);
        var credential = parts["Credential"].Split('/', 2);
        return (credential[0], credential[1], parts["SignedHeaders"].Split(';'), parts["Signature"]);
    }

    /// <param name="scope"><c>date/region/s3/aws4_request</c>.</param>
    /// <returns>Hex, lower case.</returns>
    public static string Of(SignedRequest request, string time, string scope, string secret)
    {
        var text = string.Join('\n', Algorithm, time, scope, Hash(Canonical(request)));
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Canonical(SignedRequest request)
    {
        var names = request.Headers.Keys.Order(StringComparer.Ordinal).ToList();
        var canonical = new StringBuilder();
        canonical.Append(request.Method).Append('\n').Append(request.Path).Append('\n');
        var query = request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        canonical.AppendJoin('&', query.Select(q => q.Contains('=', StringComparison.Ordinal) ? q : q + "="));
        canonical.Append('\n');
        foreach (var name in names)
            canonical.Append(CultureInfo.InvariantCulture, $"{name}:{request.Headers[name].Trim()}\n");
        canonical.Append('\n').AppendJoin(';', names).Append('\n').Append(request.BodyHash);
        return canonical.ToString();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
