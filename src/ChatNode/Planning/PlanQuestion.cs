using System.Globalization;

namespace ChatAi.ChatNode.Planning;

/// <summary>What a plan is asked for; defaults are a guess at an ordinary service, to be replaced by the operator's own.</summary>
public sealed record PlanQuestion
{
    public double Users { get; init; } = 1_000;

    /// <summary>Sent by one user.</summary>
    public double MessagesPerDay { get; init; } = 40;

    /// <summary>People in the chat that a message goes to, its sender included; the mean over messages.</summary>
    public double GroupSize { get; init; } = 4;

    /// <summary>Of the messages, how many ask the assistant: 0 to 1.</summary>
    public double MentionShare { get; init; } = 0.01;

    /// <summary>How many days of messages the disks must hold: the service deletes nothing by itself.</summary>
    public double RetentionDays { get; init; } = 365;

    /// <summary>Of the users, how many are connected in the busiest hour: 0 to 1.</summary>
    public double OnlineShare { get; init; } = 0.25;

    /// <summary>Messages in the busiest second, in those of an average one.</summary>
    public double PeakFactor { get; init; } = 3;

    public double TextBytes { get; init; } = 100;

    public double NodeCores { get; init; } = 8;
    public double NodeMemoryGiB { get; init; } = 32;
    public double DatabaseCores { get; init; } = 32;
    public double DatabaseDiskTB { get; init; } = 8;

    /// <summary>Tokens of one question to the model: what it reads anew.</summary>
    public double PromptTokens { get; init; } = 1_000;

    public double AnswerTokens { get; init; } = 150;

    /// <summary>Of one worker; the default is the small model on one core.</summary>
    public double PromptTokensPerSecond { get; init; } = MeasuredCosts.PromptTokensPerSecond.Value;

    public double AnswerTokensPerSecond { get; init; } = MeasuredCosts.AnswerTokensPerSecond.Value;

    /// <exception cref="FormatException">The words make no sense; the message says which.</exception>
    public static PlanQuestion Parse(IReadOnlyList<string> words)
    {
        var question = new PlanQuestion();
        for (var i = 0; i < words.Count; i++)
        {
            var (key, text) = words[i].Split('=', 2) is [var left, var right] ? (left, right) : (words[i], null);
            var option =
                PlanOption.All.FirstOrDefault(o => o.Name == key) ?? throw new FormatException($"{key} is not known.");
            text ??= ++i < words.Count ? words[i] : throw new FormatException($"{key} lacks its value.");
            if (
                !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !(value >= option.Least && value <= option.Most)
            )
                throw new FormatException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{key} takes a number from {option.Least} to {option.Most:0.###e0}."
                    )
                );
            question = option.Set(question, value);
        }
        return question;
    }
}

/// <summary>A word of the command line.</summary>
public sealed record PlanOption(
    string Name,
    string What,
    double Least,
    double Most,
    Func<PlanQuestion, double> Get,
    Func<PlanQuestion, double, PlanQuestion> Set
)
{
    public static readonly IReadOnlyList<PlanOption> All =
    [
        new("--users", "people with an account", 1, 1e10, q => q.Users, (q, v) => q with { Users = v }),
        new(
            "--messages-per-day",
            "messages a user sends a day",
            0,
            1e5,
            q => q.MessagesPerDay,
            (q, v) => q with { MessagesPerDay = v }
        ),
        new(
            "--group-size",
            "people in the chat of a message",
            2,
            1e5,
            q => q.GroupSize,
            (q, v) => q with { GroupSize = v }
        ),
        new(
            "--mention-share",
            "share of messages that ask the assistant",
            0,
            1,
            q => q.MentionShare,
            (q, v) => q with { MentionShare = v }
        ),
        new(
            "--retention-days",
            "days of messages that the disks hold",
            1,
            36_500,
            q => q.RetentionDays,
            (q, v) => q with { RetentionDays = v }
        ),
        new(
            "--online-share",
            "share of users connected at the peak",
            0,
            1,
            q => q.OnlineShare,
            (q, v) => q with { OnlineShare = v }
        ),
        new(
            "--peak-factor",
            "busiest second over average",
            1,
            1_000,
            q => q.PeakFactor,
            (q, v) => q with { PeakFactor = v }
        ),
        new("--text-bytes", "length of a text", 1, 16_384, q => q.TextBytes, (q, v) => q with { TextBytes = v }),
        new("--node-cores", "cores of a node", 1, 1_024, q => q.NodeCores, (q, v) => q with { NodeCores = v }),
        new(
            "--node-memory-gib",
            "memory of a node",
            1,
            16_384,
            q => q.NodeMemoryGiB,
            (q, v) => q with { NodeMemoryGiB = v }
        ),
        new(
            "--database-cores",
            "cores of a PostgreSQL",
            1,
            1_024,
            q => q.DatabaseCores,
            (q, v) => q with { DatabaseCores = v }
        ),
        new(
            "--database-disk-tb",
            "disk of a PostgreSQL",
            0.01,
            1_000,
            q => q.DatabaseDiskTB,
            (q, v) => q with { DatabaseDiskTB = v }
        ),
        new(
            "--prompt-tokens",
            "tokens of a question",
            1,
            1e6,
            q => q.PromptTokens,
            (q, v) => q with { PromptTokens = v }
        ),
        new(
            "--answer-tokens",
            "tokens of an answer",
            1,
            1e6,
            q => q.AnswerTokens,
            (q, v) => q with { AnswerTokens = v }
        ),
        new(
            "--prompt-tokens-per-second",
            "what one worker reads",
            0.1,
            1e7,
            q => q.PromptTokensPerSecond,
            (q, v) => q with { PromptTokensPerSecond = v }
        ),
        new(
            "--answer-tokens-per-second",
            "what one worker writes",
            0.1,
            1e7,
            q => q.AnswerTokensPerSecond,
            (q, v) => q with { AnswerTokensPerSecond = v }
        ),
    ];
}
