using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAi.Cluster.Tests.Operators;

/// <param name="Node">The resource's <c>service.instance.id</c>.</param>
/// <param name="Parent">Empty at the beginning of a trace.</param>
public sealed record Span(string Node, string Trace, string Id, string Parent, string Name);

/// <summary>Takes traces by OTLP over HTTP, as a collector does.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentQueue<byte[]> _bodies = [];

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/traces", TakeAsync);
    }

    public Uri Endpoint { get; private set; } = null!;

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>All that came, as text: for looking for what must not be there.</summary>
    public string Raw => string.Concat(_bodies.Select(Encoding.UTF8.GetString));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        var addresses = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        receiver.Endpoint = new Uri(addresses.Addresses.First());
        return receiver;
    }

    /// <summary>Waits until such a span has come.</summary>
    public async Task<Span> WaitForAsync(Func<Span, bool> fits, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_spans.FirstOrDefault(fits) is { } found)
                return found;
            if (clock.Elapsed > within)
                throw new TimeoutException($"No such span among:\n{string.Join('\n', _spans)}");
            await Task.Delay(50);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _bodies.Enqueue(body.ToArray());
        // ExportTraceServiceRequest: resource_spans = 1 → resource = 1, scope_spans = 2 → spans = 2.
        foreach (var resourceSpans in ProtoFields.Of(body.ToArray()).All(1))
        {
            var node = ProtoFields
                .Of(resourceSpans.One(1).Bytes)
                .All(1)
                .Where(attribute => attribute.One(1).Text == "service.instance.id")
                .Select(attribute => attribute.One(2).One(1).Text)
                .FirstOrDefault("");
            foreach (var span in resourceSpans.All(2).SelectMany(scope => scope.All(2)))
                _spans.Enqueue(new Span(node, span.One(1).Hex, span.One(2).Hex, span.One(4).Hex, span.One(5).Text));
        }
    }
}
