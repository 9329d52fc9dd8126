using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ChatAi.ChatNode.Api;

/// <summary>
/// The protocol for machines: <c>/openapi/v1.json</c> and <c>/asyncapi.yaml</c>, kept by hand beside this file and held
/// to the mapped routes by a test.
/// </summary>
public static class Documents
{
    public const string OpenApi = "openapi.v1.json";
    public const string AsyncApi = "asyncapi.yaml";

    public static void MapDocuments(this IEndpointRouteBuilder app)
    {
        Map(app, "/openapi/v1.json", OpenApi, "application/json");
        Map(app, "/asyncapi.yaml", AsyncApi, "application/yaml");
    }

    public static byte[] Read(string name)
    {
        using var resource =
            typeof(Documents).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of this program.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Map(IEndpointRouteBuilder app, string path, string name, string contentType)
    {
        var bytes = Read(name);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        app.MapGet(
                path,
                (HttpContext http) =>
                {
                    http.Response.Headers.CacheControl = "no-cache";
                    // Open to tools of any origin: it holds nothing that a clone of this repository does not.
                    http.Response.Headers.AccessControlAllowOrigin = "*";
                    return Results.Bytes(bytes, contentType, entityTag: tag);
                }
            )
            .ExcludeFromDescription();
    }
}
