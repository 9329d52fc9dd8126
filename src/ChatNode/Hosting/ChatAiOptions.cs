using System.ComponentModel.DataAnnotations;
using ChatAi.ChatNode.Attachments;
using ChatAi.Shared.Clustering;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Hosting;

/// <summary>The section <c>ChatAi</c> of the configuration. Every key is in docs/operations.md.</summary>
public sealed class ChatAiOptions
{
    public const string Section = "ChatAi";

    /// <summary>Folder for the embedded database and generated secrets, relative to the working folder.</summary>
    [Required]
    public string DataDir { get; set; } = "./data";

    /// <summary><c>sqlite</c> (one machine) or <c>postgres</c>.</summary>
    [RegularExpression("^(sqlite|postgres)$", ErrorMessage = "ChatAi:Database must be 'sqlite' or 'postgres'.")]
    public string Database { get; set; } = "sqlite";

    /// <summary>
    /// Balancers in front, as addresses or <c>address/bits</c>, separated by commas: their <c>X-Forwarded-For</c> is
    /// believed, nobody else's.
    /// </summary>
    public string Proxies { get; set; } = "";

    public ClusterSettings Cluster { get; set; } = new();
    public AuthOptions Auth { get; set; } = new();
    public RateLimitOptions RateLimit { get; set; } = new();
    public OverloadOptions Overload { get; set; } = new();
    public LimitOptions Limits { get; set; } = new();
    public AiOptions Ai { get; set; } = new();
    public AdminOptions Admin { get; set; } = new();
    public LoggingOptions Logging { get; set; } = new();
    public PushOptions Push { get; set; } = new();
    public AttachmentOptions Attachments { get; set; } = new();
    public ProjectionOptions Projection { get; set; } = new();
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>One process, embedded database, no seeds: secrets are made and codes shown without being asked.</summary>
    public bool IsOneMachine => Database == "sqlite" && !Cluster.HasSeeds;

    public sealed class AuthOptions
    {
        /// <summary>Show one-time codes in the answer of <c>POST /v1/auth/code</c>. Default: only on one machine.</summary>
        public bool? RevealCodes { get; set; }

        /// <summary>Base64 of at least 32 random bytes. Default: made and kept in the data folder on one machine; else required.</summary>
        public string? SigningKey { get; set; }

        /// <summary>Seconds that an access token works.</summary>
        [Range(1, 86_400)]
        public int AccessTokenSeconds { get; set; } = 900;

        /// <summary>One-time codes are posted here as JSON <c>{phone, code}</c>. Default: the log.</summary>
        public string? CodeWebhook { get; set; }

        /// <summary>Country (ISO 3166) for numbers typed without a country code.</summary>
        public string DefaultRegion { get; set; } = "US";

        /// <summary>Origins, separated by commas, that web pages may call and open sockets from beside the own one.</summary>
        public string Origins { get; set; } = "";
    }

    /// <summary>0 switches a limit off.</summary>
    public sealed class RateLimitOptions
    {
        /// <summary>Sustained messages a user.</summary>
        [Range(0, int.MaxValue)]
        public int MessagesPerSecond { get; set; } = 20;

        /// <summary>How many messages a user may send at once after a pause.</summary>
        [Range(0, int.MaxValue)]
        public int Burst { get; set; } = 100;

        /// <summary>One-time codes an address and minute.</summary>
        [Range(0, int.MaxValue)]
        public int CodesPerMinute { get; set; } = 60;

        /// <summary>Numbers that a user may look up in a minute.</summary>
        [Range(0, int.MaxValue)]
        public int LookupsPerMinute { get; set; } = 60;

        /// <summary>Exports of their data that a user may ask for in an hour.</summary>
        [Range(0, int.MaxValue)]
        public int ExportsPerHour { get; set; } = 5;

        /// <summary>Sustained searches a user.</summary>
        [Range(0, int.MaxValue)]
        public int SearchesPerSecond { get; set; } = 5;

        /// <summary>How many searches a user may make at once after a pause.</summary>
        [Range(0, int.MaxValue)]
        public int SearchBurst { get; set; } = 20;
    }

    public sealed class OverloadOptions
    {
        /// <summary>
        /// Milliseconds that messages may wait in a node before it refuses more (<c>shard_unavailable</c>); 0 switches off.
        /// </summary>
        [Range(0, 5_000)]
        public int MaxDelayMs { get; set; } = 200;
    }

    /// <summary>0 switches a limit off.</summary>
    public sealed class LimitOptions
    {
        [Range(0, int.MaxValue)]
        public int ConnectionsPerUser { get; set; } = 20;

        [Range(0, int.MaxValue)]
        public int ConnectionsPerAddress { get; set; } = 1_000;
    }

    public sealed class AiOptions : IValidatableObject
    {
        /// <summary>
        /// <c>llama</c> (a model in this process), <c>openai</c>, <c>extractive</c> or <c>none</c>. Empty or
        /// <c>auto</c>: <c>llama</c> where a model file is found and the engine can be had, else <c>extractive</c>.
        /// </summary>
        [RegularExpression(
            "^(auto|llama|extractive|openai|none|)$",
            ErrorMessage = "ChatAi:Ai:Provider must be 'auto', 'llama', 'openai', 'extractive' or 'none'."
        )]
        public string Provider { get; set; } = "";

        /// <summary>False: this node uses no assistant, whatever operators say at run time.</summary>
        public bool Enabled { get; set; } = true;

        public QuotaOptions Quota { get; set; } = new();

        /// <summary>Hosts, separated by commas, that the assistant's answers may link to beside what people linked to.</summary>
        public string AllowedLinkHosts { get; set; } = "";

        /// <summary>Workers of this node.</summary>
        [Range(1, 64)]
        public int Workers { get; set; } = 1;

        /// <summary>Tokens that a prompt and its answer may have together.</summary>
        [Range(512, 1_048_576)]
        public int ContextTokens { get; set; } = 4_096;

        /// <summary>Base address of an OpenAI-compatible server, such as <c>http://127.0.0.1:8080/v1</c>.</summary>
        public string? Endpoint { get; set; }

        public string? ApiKey { get; set; }

        public string? Model { get; set; }

        /// <summary>A GGUF file, or the folder of them. Default: <c>models</c> in the data folder, of which the newest.</summary>
        public string? ModelPath { get; set; }

        /// <summary>Conversations that the local model holds at once. Default: as the engine has it.</summary>
        [Range(1, 256)]
        public int? Sequences { get; set; }

        /// <summary>Runs that may wait on the whole cluster before <c>ai_busy</c>.</summary>
        [Range(1, 1_000_000)]
        public int QueueLength { get; set; } = 1_000;

        /// <summary>A model that makes no progress for so long has failed; what arrived is kept.</summary>
        [Range(1, 3_600)]
        public int NoProgressSeconds { get; set; } = 90;

        /// <summary>Time between two looks for stale summaries and forgotten runs.</summary>
        [Range(1, 86_400)]
        public int SweepSeconds { get; set; } = 30;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Provider != "openai")
                yield break;
            var isHttp = Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
            if (!isHttp)
                yield return new("Endpoint must be an http or https address with Provider=openai.");
            if (string.IsNullOrWhiteSpace(Model))
                yield return new("Model is required with Provider=openai.");
        }
    }

    /// <summary>How much of the assistant there is for each; 0 switches a limit off.</summary>
    public sealed class QuotaOptions
    {
        [Range(0, AiUsage.MostRuns)]
        public int RunsPerUserPerHour { get; set; } = 60;

        [Range(0, int.MaxValue)]
        public int RunsPerChatPerHour { get; set; } = 120;

        /// <summary>Prompt and answer together, as the provider counts them.</summary>
        [Range(0, long.MaxValue)]
        public long TokensPerUserPerDay { get; set; }
    }

    public sealed class AdminOptions
    {
        /// <summary>What operators show to <c>/v1/admin</c>; without it there is no such API.</summary>
        [RegularExpression("^(.{16,})?$", ErrorMessage = "ChatAi:Admin:Token must have at least 16 characters.")]
        public string? Token { get; set; }

        /// <summary>
        /// Where <c>/v1/admin</c>, <c>/status</c> and <c>/metrics</c> are, and nothing else but health; 0: beside
        /// everything else.
        /// </summary>
        [Range(0, 65_535)]
        public int Port { get; set; }
    }

    public sealed class LoggingOptions
    {
        /// <summary><c>text</c>, or <c>json</c>: one object a line.</summary>
        [RegularExpression("^(text|json)$", ErrorMessage = "ChatAi:Logging:Format must be 'text' or 'json'.")]
        public string Format { get; set; } = "text";
    }

    /// <summary>Equal on every node: which of them sweeps changes.</summary>
    public sealed class RetentionOptions
    {
        /// <summary>Messages that are older are deleted for everyone, and their words with them; 0 keeps all for ever.</summary>
        [Range(0, 36_500)]
        public double Days { get; set; }

        /// <summary>Time between two sweeps.</summary>
        [Range(1, 86_400)]
        public int SweepSeconds { get; set; } = 3_600;
    }

    public sealed class ProjectionOptions
    {
        /// <summary>
        /// In how many slices PostgreSQL's read tables are projected, spread over the nodes; equal on every node. SQLite
        /// has one writer and one slice.
        /// </summary>
        [Range(1, 64)]
        public int Slices { get; set; } = 4;
    }

    public sealed class PushOptions : IValidatableObject
    {
        /// <summary>Every message for a member without a live session is posted here too, whatever they subscribed to.</summary>
        public string? Webhook { get; set; }

        /// <summary>Base64 of the key that such posts are signed with; required with <see cref="Webhook"/>.</summary>
        public string? WebhookSecret { get; set; }

        /// <summary>The same, to the log: for trying out.</summary>
        public bool Log { get; set; }

        /// <summary><c>text</c>: who wrote what; <c>notice</c>: only that something new is in a chat.</summary>
        [RegularExpression("^(text|notice)$", ErrorMessage = "ChatAi:Push:Payload must be 'text' or 'notice'.")]
        public string Payload { get; set; } = "text";

        /// <summary>Base64url of a P-256 private key (32 bytes). Default: made and kept on one machine; else no Web Push.</summary>
        public string? VapidPrivateKey { get; set; }

        /// <summary>Whom a push service may write to: <c>mailto:</c> or <c>https:</c>.</summary>
        [RegularExpression("^(mailto:.+|https://.+)$", ErrorMessage = "ChatAi:Push:Subject must be mailto: or https:.")]
        public string Subject { get; set; } = "mailto:postmaster@localhost";

        /// <summary>A message that is read or received within this time is not pushed.</summary>
        [Range(0, 3_600)]
        public int DelaySeconds { get; set; } = 2;

        /// <summary>Then a push is a dead letter.</summary>
        [Range(1, 100)]
        public int MaxAttempts { get; set; } = 8;

        /// <summary>Before the second attempt; doubles with each.</summary>
        [Range(0, 3_600)]
        public int BackOffSeconds { get; set; } = 2;

        [Range(1, 86_400)]
        public int BackOffCapSeconds { get; set; } = 600;

        /// <summary>A receiver that takes longer has failed.</summary>
        [Range(1, 120)]
        public int TimeoutSeconds { get; set; } = 10;

        /// <summary>Sent at once by one node.</summary>
        [Range(1, 1_000)]
        public int Concurrency { get; set; } = 16;

        /// <summary>Messages older than this are not pushed any more; also the <c>TTL</c> of Web Push.</summary>
        [Range(1, 2_419_200)]
        public int TtlSeconds { get; set; } = 86_400;

        /// <summary>Endpoints of subscriptions may be http; for development.</summary>
        public bool AllowHttp { get; set; }

        /// <summary>
        /// Private networks that endpoints of subscriptions may lie in, as addresses or <c>address/bits</c>, separated by
        /// commas. Public addresses always may.
        /// </summary>
        public string AllowedNetworks { get; set; } = "";

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Webhook is not { Length: > 0 })
                yield break;
            if (!(Uri.TryCreate(Webhook, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
                yield return new("Webhook must be an http or https address.");
            if (string.IsNullOrEmpty(WebhookSecret) || !IsBase64(WebhookSecret))
                yield return new(
                    "WebhookSecret is required with Webhook: Base64 of the key that posts are signed with."
                );
        }

        private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);
    }
}
