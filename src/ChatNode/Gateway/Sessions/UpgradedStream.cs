using Microsoft.AspNetCore.Http.Features;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>
/// The byte stream below a WebSocket. At bytes that are no frames the WebSocket breaks it off right behind its close
/// frame, which then mostly is lost; this one stays until the request ends, so that the client gets the code.
/// </summary>
public sealed class UpgradedStream(Stream inner) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Puts <see cref="UpgradedStream"/> below the server's WebSocket.</summary>
public sealed class UpgradeBelow(IHttpUpgradeFeature server) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => server.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new UpgradedStream(await server.UpgradeAsync());

    public static Task UseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is { } server)
            http.Features.Set<IHttpUpgradeFeature>(new UpgradeBelow(server));
        return next(http);
    }
}
