using System.ClientModel;
using System.ClientModel.Primitives;
using ChatAi.ChatNode.Ai.Providers.Remote;
using ChatAi.ChatNode.Ai.Summaries;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Shared.Domain.Ai.Pieces;
using Microsoft.Extensions.AI;
using OpenAI;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>Any server that speaks the chat-completions protocol: llama-server, vLLM, Ollama, a cloud.</summary>
public static class OpenAiProvider
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static BreakerProvider Create(ChatAiOptions.AiOptions ai, TimeProvider time, ILogger log) =>
        Create(ai, RemoteSettings.Of(ai), time, log);

    public static BreakerProvider Create(
        ChatAiOptions.AiOptions ai,
        RemoteSettings settings,
        TimeProvider time,
        ILogger log
    )
    {
        var sockets = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A prompt holds people's words: it goes to the configured server and to no other.
            AllowAutoRedirect = false,
        };
        var handler = RemotePipeline.Handler(settings, time, new AnswerBounds(settings, sockets));
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(ai.Endpoint!),
            // Per read, not in all. The worker's own limit comes first and keeps what arrived.
            NetworkTimeout = settings.NoProgress + TimeSpan.FromSeconds(5),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            Transport = new HttpClientPipelineTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        // Servers without keys ignore it; the client wants one.
        var key = new ApiKeyCredential(string.IsNullOrEmpty(ai.ApiKey) ? "none" : ai.ApiKey);
        var client = new OpenAIClient(key, options).GetChatClient(ai.Model).AsIChatClient();
        var described = new ChatClientSettings(
            "openai",
            ai.Model!,
            ai.ContextTokens,
            ChatClientSettings.AnswerTokensOf(ai.ContextTokens)
        )
        {
            Links = LinkGuard.Of(ai.AllowedLinkHosts),
        };
        var model = new PiecewiseProvider(
            new ChatClientProvider(client, described),
            client,
            described,
            LexicalSupport.Instance
        );
        var breaker = new RunBreaker(settings.BreakAfter, settings.BreakFor, time, state => Tell(state, log));
        return new BreakerProvider(model, breaker, settings, time);
    }

    private static void Tell(BreakerState state, ILogger log)
    {
        AssistantMetrics.Breaker(state);
        switch (state)
        {
            case BreakerState.Open:
                log.LogWarning("The model server fails: runs are answered with quotes for now");
                break;
            case BreakerState.HalfOpen:
                log.LogInformation("The model server is tried again with one run");
                break;
            default:
                log.LogInformation("The model server answers again");
                break;
        }
    }
}
