using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Akka.Remote;
using ChatAi.Shared.Clustering;
using ChatAi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ClusterSettings = ChatAi.Shared.Clustering.ClusterSettings;

namespace ChatAi.Nodes.Tests.Clustering;

/// <summary>A member of a cluster that hosts nothing: the service's own settings of cluster and TLS in this process.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IActorRef _errors;

    private TestNode(IHost host)
    {
        _host = host;
        System = host.Services.GetRequiredService<ActorSystem>();
        _errors = System.ActorOf(Props.Create(() => new Errors(FirstError)));
    }

    public ActorSystem System { get; }

    public TaskCompletionSource<string> FirstError { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Cluster Cluster => Cluster.Get(System);

    public int Port => Cluster.SelfAddress.Port!.Value;

    public static string[] FreePorts(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => $"127.0.0.1:{ChildProcess.FreePort()}")];

    public static async Task<TestNode> StartAsync(
        string seeds,
        string? at = null,
        string role = "chat",
        TlsSettings? tls = null
    )
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var settings = new ClusterSettings
        {
            Seeds = seeds,
            Hostname = "127.0.0.1",
            Port = at is null ? 0 : HostPort.Parse(at)!.Value.Port,
            Tls = tls ?? new(),
        };
        builder.Services.AddAkka(
            ClusterHosting.SystemName,
            (akka, services) =>
                akka.AddHocon(ClusterHosting.ReadCommonHocon(), HoconAddMode.Prepend)
                    .AddHocon("akka.coordinated-shutdown.exit-clr = off", HoconAddMode.Prepend)
                    .WithNode(
                        settings,
                        [role],
                        TimeProvider.System,
                        services.GetRequiredService<ILoggerFactory>(),
                        yields: role == "lighthouse"
                    )
        );
        var host = builder.Build();
        await host.StartAsync();
        return new TestNode(host);
    }

    public async Task<TestNode> UpAsync()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return this;
    }

    /// <summary>Waits until this node sees so many members, all Up.</summary>
    public async Task SeesAsync(int members)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (
            Cluster.State.Members.Count(m => m.Status == MemberStatus.Up) != members
            || Cluster.State.Members.Count != members
        )
            await Task.Delay(50, late.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Errors : ReceiveActor
    {
        public Errors(TaskCompletionSource<string> first)
        {
            Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
            Receive<AssociationErrorEvent>(e => first.TrySetResult(e.ToString()));
        }
    }
}
