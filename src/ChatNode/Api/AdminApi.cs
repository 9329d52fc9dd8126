using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api;

/// <summary>For operators only. Off, as if it were not there, until <c>ChatAi:Admin:Token</c> is set.</summary>
public static class AdminApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapAdmin(this IEndpointRouteBuilder v1)
    {
        var admin = v1.MapGroup("/admin").AddEndpointFilter<RouteGroupBuilder, OperatorFilter>();
        admin.MapGet("/ai", GetAsync);
        admin.MapPut("/ai", SetAsync);
    }

    private static async Task<IResult> GetAsync(
        [FromServices] IRequiredActor<AiSwitches> cluster,
        [FromServices] AiSwitch node
    ) => await AskAsync(cluster, AiSwitchProtocol.Get.Instance, node);

    private static async Task<IResult> SetAsync(
        HttpContext http,
        [FromServices] IRequiredActor<AiSwitches> cluster,
        [FromServices] AiSwitch node,
        [FromServices] ILoggerFactory logs
    )
    {
        var wanted = await RequestBody.ReadAsync(http, static (ref Fields d) => d.Bool("enabled"u8));
        if (!wanted.IsOk)
            return new Problem(wanted.Rejection);
        if (wanted.Value && !node.Configured)
            return new Problem(
                new Rejection(ErrorCode.Conflict, "ChatAi:Ai:Enabled=false in the configuration keeps it off.")
            );
        logs.CreateLogger("ChatAi.Audit")
            .LogWarning(
                "Audit: an operator at {Address} sets the assistant's enabled to {Enabled}",
                http.Connection.RemoteIpAddress,
                wanted.Value
            );
        return await AskAsync(cluster, new AiSwitchProtocol.Switch(wanted.Value), node);
    }

    private static async Task<IResult> AskAsync(IRequiredActor<AiSwitches> cluster, object question, AiSwitch node)
    {
        try
        {
            var state = await cluster.ActorRef.Ask<AiSwitchProtocol.State>(question, Patience);
            return new Json(JsonBytes.Write((state, node.Configured), Write), StatusCodes.Status200OK);
        }
        catch (AskTimeoutException)
        {
            return new Problem(new Rejection(ErrorCode.Timeout, "The switch did not answer in time."));
        }
    }

    private static void Write(System.Text.Json.Utf8JsonWriter w, (AiSwitchProtocol.State State, bool Configured) answer)
    {
        w.WriteStartObject();
        w.WriteBoolean("enabled"u8, answer.State.Enabled && answer.Configured);
        w.WriteTimeOrNull("since"u8, answer.State.Since);
        w.WriteEndObject();
    }

    private sealed class OperatorFilter(ChatAiOptions options) : IEndpointFilter
    {
        private const string Scheme = "Bearer ";

        public async ValueTask<object?> InvokeAsync(
            EndpointFilterInvocationContext context,
            EndpointFilterDelegate next
        )
        {
            if (options.Admin.Token is not { Length: > 0 } token)
                return new Problem(new Rejection(ErrorCode.NotFound, "There is no such call."));
            var header = context.HttpContext.Request.Headers.Authorization;
            var isOperator =
                header is [{ } given]
                && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                && IsSame(given[Scheme.Length..].Trim(), token);
            return isOperator
                ? await next(context)
                : new Problem(new Rejection(ErrorCode.Unauthenticated, "This call needs the operators' token."));
        }

        // Hashes have one length, so that the time taken tells nothing of the token, not even that.
        private static bool IsSame(string given, string token) =>
            CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(given)),
                SHA256.HashData(Encoding.UTF8.GetBytes(token))
            );
    }
}
