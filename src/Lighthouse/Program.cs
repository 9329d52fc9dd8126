using Akka.Hosting;
using ChatAi.Lighthouse;
using ChatAi.Shared.Clustering;
using ChatAi.Shared.Configuration;
using ChatAi.Shared.Health;
using ChatAi.Shared.Hosting;

// A seed node: nodes find the cluster through it, and it hosts nothing. Settings as for ChatNode, section ChatAi:Cluster.
try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    if (args is [HealthCommand.Word, .. var where])
        return await HealthCommand.RunAsync(where, builder.Configuration, LighthouseSettings.DefaultUrl);
    if (builder.Configuration[WebHostDefaults.ServerUrlsKey] is not { Length: > 0 })
        builder.WebHost.UseUrls(LighthouseSettings.DefaultUrl);
    var cluster = LighthouseSettings.Read(builder.Configuration);

    builder.Services.AddHealthChecks().AddCheck<MemberUp>("cluster");
    builder.Services.AddAkka(
        ClusterHosting.SystemName,
        (akka, services) =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka.AddHocon(ClusterHosting.ReadCommonHocon(), HoconAddMode.Prepend)
                .WithNode(
                    cluster,
                    [LighthouseSettings.Role],
                    TimeProvider.System,
                    services.GetRequiredService<ILoggerFactory>(),
                    yields: true
                );
        }
    );

    var app = builder.Build();
    app.MapHealth();
    return await app.RunUntilToldAsync();
}
catch (ConfigurationException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
