namespace ChatAi.Shared.Domain;

/// <summary>Sizes that every node agrees on. Text lengths are UTF-16 code units, as JavaScript's <c>length</c>.</summary>
public static class Limits
{
    public const int FrameBytes = 65_536;
    public const int TextLength = 16_384;
    public const int InFlight = 64;
    public const int TitleLength = 128;
    public const int DisplayNameLength = 64;
    public const int DeviceNameLength = 64;
    public const int EmojiLength = 32;
    public const int GroupMembers = 1_000;
    public const int PreviewLength = 120;

    /// <summary>Files of one message.</summary>
    public const int Attachments = 10;

    public const int SyncPage = 200;
    public const int HistoryPage = 100;
    public const int HistoryDefault = 50;
    public const int SearchPage = 50;
    public const int SearchDefault = 20;

    /// <summary>How many assistant runs of one chat may be unfinished at once.</summary>
    public const int PendingRuns = 16;

    /// <summary>A new rolling summary is due after this many new messages.</summary>
    public const int SummaryEvery = 100;
}
