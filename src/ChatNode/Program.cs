using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Api;
using ChatAi.ChatNode.Api.Admin;
using ChatAi.ChatNode.Attachments;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Hosting.Database;
using ChatAi.ChatNode.Hosting.Health;
using ChatAi.ChatNode.Operators;
using ChatAi.ChatNode.Planning;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.Push;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Health;
using ChatAi.Shared.Hosting;

if (args is ["plan", .. var planned])
    return PlanCommand.Run(planned, Console.Out, Console.Error);

try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    if (args is [HealthCommand.Word, .. var where])
        return await HealthCommand.RunAsync(where, builder.Configuration, ListenHosting.DefaultUrl);
    var options = builder.AddChatAiOptions();
    var database = builder.Configuration.GetConnectionString("ChatAi");
    if (args is ["rebuild", ..])
        return await RebuildCommand.RunAsync(options, database);
    if (args is ["backup", .. var folder])
        return await BackupCommand.RunAsync(options, folder);
    if (args is ["epoch", .. var rest])
        return await EpochCommand.RunAsync(options, database, rest);
    if (args is ["model", .. var words])
        return await ModelCommand.RunAsync(options, words);

    builder.AddLogLines(options);
    builder.AddListenAddress();
    builder.AddOperatorPort(options);
    builder.AddTracing(options);
    await builder.Services.AddDatabaseAsync(options, database);
    builder.Services.AddNode(options, database);
    builder.Services.AddNodeHealth(options, database);
    builder.Services.AddReadModel(options, database);
    builder.Services.AddAttachments(options);
    builder.Services.AddPush(options);
    builder.Services.AddAccounts(options);
    builder.Services.AddGateway();
    builder.Services.AddApi(options);
    builder.Services.AddAssistant(options);
    builder.Services.AddOperators(options, database);
    builder.Services.AddNodeMetrics();

    var app = builder.Build();
    app.UseTrustedProxies(options);
    app.UseOperatorPort();
    if (NodeRoles.Of(options.Cluster).Gateway)
    {
        app.UseWebClient();
        app.MapGateway();
        app.MapApi();
    }
    else
        app.MapOperatorsApi();
    app.MapHealth();
    app.MapNodeMetrics();
    app.LogWhereThePageIs();
    return await app.RunUntilToldAsync();
}
catch (ConfigurationException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
