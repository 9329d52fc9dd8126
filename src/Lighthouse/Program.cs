using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;

// A seed node: nodes find the cluster through it, and it hosts nothing. Settings as for ChatNode, section ChatAi:Cluster.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
var cluster = builder.Configuration.GetSection("ChatAi:Cluster");
var host = cluster["Hostname"] ?? "127.0.0.1";
var port = cluster.GetValue("Port", 4053);
string[] seeds =
[
    .. (cluster["Seeds"] ?? $"{host}:{port}")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(seed => $"akka.tcp://chatai@{seed}"),
];
var hocon = ConfigurationFactory.ParseString(
    await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "akka.hocon"))
);

builder.Services.AddAkka(
    "chatai",
    akka =>
        akka.AddHocon(hocon, HoconAddMode.Prepend)
            .WithRemoting(
                new RemoteOptions
                {
                    HostName = host,
                    PublicHostName = host,
                    Port = port,
                }
            )
            .WithClustering(new ClusterOptions { Roles = ["lighthouse"], SeedNodes = seeds })
);

var app = builder.Build();
app.MapGet("/health/live", () => "Healthy");
app.MapGet(
    "/health/ready",
    (ActorSystem system) =>
        Cluster.Get(system).SelfMember.Status == MemberStatus.Up
            ? Results.Text("Healthy")
            : Results.Text("Unhealthy", statusCode: StatusCodes.Status503ServiceUnavailable)
);
await app.RunAsync();
