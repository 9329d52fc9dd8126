using System.ClientModel;
using System.ClientModel.Primitives;
using ChatAi.ChatNode.Hosting;
using Microsoft.Extensions.AI;
using OpenAI;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>Any server that speaks the chat-completions protocol: llama-server, vLLM, Ollama, a cloud.</summary>
public static class OpenAiProvider
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static ChatClientProvider Create(ChatAiOptions.AiOptions ai)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A prompt holds people's words: it goes to the configured server and to no other.
            AllowAutoRedirect = false,
        };
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(ai.Endpoint!),
            // Per read, not in all. The worker's own limit comes first and keeps what arrived.
            NetworkTimeout = TimeSpan.FromSeconds(ai.NoProgressSeconds + 5),
            // One more try covers a connection that had gone stale; the extractive fallback covers the rest.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 1),
            Transport = new HttpClientPipelineTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        // Servers without keys ignore it; the client wants one.
        var key = new ApiKeyCredential(string.IsNullOrEmpty(ai.ApiKey) ? "none" : ai.ApiKey);
        return new ChatClientProvider(
            new OpenAIClient(key, options).GetChatClient(ai.Model).AsIChatClient(),
            new ChatClientSettings(
                "openai",
                ai.Model!,
                ai.ContextTokens,
                ChatClientSettings.AnswerTokensOf(ai.ContextTokens)
            )
        );
    }
}
