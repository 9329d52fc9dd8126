using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>Something a person (or the assistant) wants of a chat.</summary>
public interface IChatCommand;

/// <summary>A command by a member; from anyone else the chat does not exist.</summary>
public interface IMemberCommand : IChatCommand
{
    UserId By { get; }
}

public static class ChatCommands
{
    /// <summary>Idempotent: a chat that exists answers with itself. The creator is a member whether listed or not.</summary>
    public sealed record CreateChat(UserId By, ChatType Type, IReadOnlyList<UserId> Members, string? Title)
        : IChatCommand;

    public sealed record SendMessage(UserId By, ClientMessageId Cid, string Text, long? ReplyTo) : IMemberCommand
    {
        /// <summary>The files that the client named, in its order.</summary>
        public IReadOnlyList<AttachmentId> AttachmentIds { get; init; } = [];

        /// <summary>The same, of those that the sender may use for this message; all of them where all is well.</summary>
        public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    }

    public sealed record EditMessage(UserId By, long Target, string Text) : IMemberCommand;

    public sealed record DeleteMessage(UserId By, long Target) : IMemberCommand;

    /// <summary>From the sweeper: the operator keeps no message that is older than <paramref name="Before"/>.</summary>
    public sealed record ExpireMessage(long Target, DateTimeOffset Before) : IChatCommand;

    public sealed record ReactToMessage(UserId By, long Target, string? Emoji) : IMemberCommand;

    public sealed record AddMembers(UserId By, IReadOnlyList<UserId> Users) : IMemberCommand;

    public sealed record RemoveMember(UserId By, UserId User) : IMemberCommand;

    public sealed record ChangeRole(UserId By, UserId User, MemberRole Role) : IMemberCommand;

    /// <summary>Null leaves a value as it is.</summary>
    public sealed record SetChat(
        UserId By,
        string? Title,
        bool? AiEnabled,
        bool? Muted,
        bool? Archived,
        bool? Pinned,
        AiSummon? AiSummon = null,
        bool? AiUnasked = null
    ) : IMemberCommand;

    /// <summary>In a 1:1 chat: whether the other one is blocked. The user's own entity has decided it.</summary>
    public sealed record SetBlock(UserId By, bool Blocks) : IMemberCommand;

    /// <summary>Marks above the head count as the head.</summary>
    public sealed record Acknowledge(UserId By, long? Recv, long? Read) : IMemberCommand;

    public sealed record AskAssistant(UserId By, AiRunKind Kind, string Prompt, bool? Private) : IMemberCommand;

    /// <summary>Ask for an ended run once more. All but <paramref name="By"/> is of the run, as the read table has it.</summary>
    /// <param name="Prompt">Of a run that no message asked for; the others take theirs from the message as it is now.</param>
    public sealed record RegenerateRun(
        UserId By,
        RunId Run,
        AiRunKind Kind,
        string Prompt,
        UserId AskedBy,
        bool Private,
        long? TriggerSeq,
        long FromSeq
    ) : IMemberCommand;

    public sealed record CancelRun(UserId By, RunId Run) : IMemberCommand;

    /// <summary>From a worker: the answer. Late and double answers change nothing.</summary>
    /// <param name="ContextVersion">
    /// <see cref="ChatState.Mutations"/> when the worker read the chat: an answer made from words that were edited or
    /// deleted since is not taken.
    /// </param>
    /// <param name="Rolling">What a rolling summary covers; null for the other kinds.</param>
    public sealed record CompleteRun(
        RunId Run,
        string Text,
        IReadOnlyList<long> Cites,
        AiProvenance Provenance,
        long ContextVersion,
        RollingRange? Rolling
    ) : IChatCommand
    {
        /// <summary>Made on the way, of messages as they were at <paramref name="ContextVersion"/>.</summary>
        public IReadOnlyList<SummaryBlock> Blocks { get; init; } = [];
    }

    /// <param name="InputHash">SHA-256 (hex) over what the summary was made from.</param>
    public sealed record RollingRange(long FromSeq, long LatestSeq, MessageId LatestMessage, string InputHash);

    public sealed record FailRun(RunId Run, string Code, string Reason) : IChatCommand;

    /// <summary>From the sweeper: make a new rolling summary if one is due and none is on its way.</summary>
    public sealed record RefreshSummary : IChatCommand
    {
        public static readonly RefreshSummary Instance = new();
    }
}
