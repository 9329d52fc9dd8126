namespace ChatAi.Shared.Domain.Ai;

/// <summary>What an assistant run is for. The numbers are stored in the journal.</summary>
public enum AiRunKind
{
    /// <summary>Answer a question put to the assistant.</summary>
    Reply = 1,

    /// <summary>Sum up the visible talk, for the whole chat.</summary>
    Summarize = 2,

    /// <summary>Sum up what the asker has not read yet; private by default.</summary>
    CatchUp = 3,

    /// <summary>Fold new lines into the chat's rolling summary; nobody asked for it.</summary>
    Rolling = 4,
}
