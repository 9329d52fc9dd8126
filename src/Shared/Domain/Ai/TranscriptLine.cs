namespace ChatAi.Shared.Domain.Ai;

/// <summary>
/// One visible message as the assistant reads it: as it stands now (edited text), never a deleted one.
/// </summary>
/// <param name="Seq">The chat's number of the message; unique in a transcript and rising with time.</param>
/// <param name="Sender">Who wrote it.</param>
/// <param name="SenderName">The name shown beside it; not unique and not to be trusted.</param>
/// <param name="IsAi">Written by the assistant.</param>
/// <param name="At">When the chat accepted it.</param>
/// <param name="Text">The message's words.</param>
/// <param name="ReplyTo">The <c>seq</c> it structurally answers, where the sender said so.</param>
public sealed record TranscriptLine(
    long Seq,
    Guid Sender,
    string SenderName,
    bool IsAi,
    DateTimeOffset At,
    string Text,
    long? ReplyTo
);
