using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Api;
using ChatAi.ChatNode.Attachments;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChatAi.Wire.Tests.Api;

/// <summary>The documents kept by hand say what the code does.</summary>
public sealed partial class DocumentsTests
{
    private static readonly JsonElement OpenApi = JsonDocument.Parse(Documents.Read(Documents.OpenApi)).RootElement;
    private static readonly string AsyncApi = Encoding.UTF8.GetString(Documents.Read(Documents.AsyncApi));

    [Fact]
    public void Should_describe_exactly_the_mapped_routes()
    {
        var described = OpenApi
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(op => $"{op.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(MappedRoutes().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_name_every_path_parameter()
    {
        foreach (var path in OpenApi.GetProperty("paths").EnumerateObject())
        foreach (var operation in path.Value.EnumerateObject())
        {
            var declared = operation.Value.TryGetProperty("parameters", out var parameters)
                ? parameters
                    .EnumerateArray()
                    .Where(p => p.GetProperty("in").GetString() == "path")
                    .Select(p => p.GetProperty("name").GetString())
                : [];
            Assert.Equal(PathParameter().Matches(path.Name).Select(m => m.Groups["name"].Value), declared);
        }
    }

    [Fact]
    public void Should_point_only_to_schemas_that_exist()
    {
        var schemas = OpenApi.GetProperty("components").GetProperty("schemas");
        var references = Reference()
            .Matches(OpenApi.GetRawText())
            .Select(m => m.Groups["name"].Value)
            .Distinct()
            .ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.True(schemas.TryGetProperty(name, out _), name));
        // And none is left over.
        Assert.Equal(
            schemas.EnumerateObject().Select(s => s.Name).Order(StringComparer.Ordinal),
            references.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Should_list_every_error_code()
    {
        var codes = OpenApi
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("Problem")
            .GetProperty("properties")
            .GetProperty("code")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(code => code.GetString());
        var constants = typeof(ErrorCode).GetFields().Select(field => (string?)field.GetRawConstantValue());
        Assert.Equal(constants.Order(StringComparer.Ordinal), codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_describe_only_ops_that_the_codec_knows()
    {
        var operations = Section("operations").Except(["durable", "ephemeral", "ping"]).ToList();
        Assert.True(operations.Count > 15, string.Join(' ', operations));
        foreach (var op in operations)
        {
            var frame = ClientCodec.Decode(Encoding.UTF8.GetBytes($$$"""{"id":1,"op":"{{{op}}}","d":{}}"""));
            if (frame is ClientFrame.Refused refused)
                Assert.NotEqual(ErrorCode.Unsupported, refused.Rejection.Code);
            else
                Assert.IsType<ClientFrame.Request>(frame);
        }
    }

    [Fact]
    public void Should_point_only_to_messages_that_exist()
    {
        var messages = Messages().Matches(AsyncApi).Select(m => m.Groups["name"].Value).ToHashSet();
        var references = MessageReference().Matches(AsyncApi).Select(m => m.Groups["name"].Value).ToHashSet();
        Assert.NotEmpty(references);
        Assert.Empty(references.Except(messages));
    }

    private static IEnumerable<string> Section(string name)
    {
        var lines = AsyncApi.Split('\n');
        return lines
            .SkipWhile(line => line != $"{name}:")
            .Skip(1)
            .TakeWhile(line => line.StartsWith(' '))
            .Select(line => Key().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value);
    }

    private static IEnumerable<string> MappedRoutes()
    {
        var options = new ChatAiOptions();
        options.Auth.SigningKey = Convert.ToBase64String(new byte[32]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAttachments(options).AddAccounts(options).AddGateway().AddApi(options);
        var app = builder.Build();
        app.MapApi();
        return
        [
            .. from source in ((IEndpointRouteBuilder)app).DataSources
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}",
        ];
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"#/components/schemas/(?<name>\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^  (?<name>[a-z.]+):$")]
    private static partial Regex Key();

    [GeneratedRegex(@"^    (?<name>[a-z.]+):$", RegexOptions.Multiline)]
    private static partial Regex Messages();

    [GeneratedRegex(@"#/components/messages/(?<name>[a-z.]+)(?:'|/)")]
    private static partial Regex MessageReference();
}
