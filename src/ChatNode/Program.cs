using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Api;
using ChatAi.ChatNode.Hosting;

try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    var options = builder.AddChatAiOptions();
    builder.AddListenAddress();
    builder.Services.AddNode(options, builder.Configuration.GetConnectionString("ChatAi"), (akka, services) => { });
    builder.Services.AddNodeHealth();
    builder.Services.AddAccounts(options);
    builder.Services.AddApi(options);

    var app = builder.Build();
    app.UseWebClient();
    app.MapNodeHealth();
    app.MapApi();
    app.LogWhereThePageIs();
    await app.RunAsync();
    return 0;
}
catch (ConfigurationException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
