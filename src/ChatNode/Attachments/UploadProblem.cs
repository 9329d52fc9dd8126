using System.Globalization;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Attachments;

namespace ChatAi.ChatNode.Attachments;

/// <summary>Why a file is not taken.</summary>
public static class UploadProblem
{
    public static readonly Rejection Empty = new(ErrorCode.BadRequest, "The file is empty.");

    public static readonly Rejection NoMediaType = new(ErrorCode.Unsupported, "'Content-Type' is no media type.");

    public static readonly Rejection Full = new(
        ErrorCode.QuotaExceeded,
        "Your files take all the room that you have: delete some first."
    );

    public static readonly Rejection NoRoom = new(ErrorCode.Internal, "The server has no room for files now.", 60_000);

    public static readonly Rejection StoreFailed = new(
        ErrorCode.Internal,
        "The store of files does not answer; try again.",
        5_000
    );

    public static Rejection NotWhatItSays(string declared) =>
        new(ErrorCode.Unsupported, $"The bytes are not {declared}.");

    public static Rejection BadPicture(string type) =>
        new(
            ErrorCode.Unsupported,
            $"The header of this {type} cannot be read, or it has more than {ImageSize.MostSide} pixels a side or "
                + $"{ImageSize.MostPixels.ToString(CultureInfo.InvariantCulture)} in all."
        );

    public static Rejection TooLarge(long mostBytes) =>
        new(ErrorCode.TooLarge, $"A file has at most {mostBytes.ToString(CultureInfo.InvariantCulture)} bytes.");

    public static Rejection TooMuchToday(DateTimeOffset now) =>
        new(
            ErrorCode.QuotaExceeded,
            "You have uploaded as much as one day allows (UTC).",
            (int)(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime).TotalMilliseconds
        );

    public static Rejection TooFast(TimeSpan wait) =>
        new(ErrorCode.RateLimited, "Too many uploads a minute.", (int)wait.TotalMilliseconds);

    /// <summary>The HTTP status: more telling for a file than the one its code has elsewhere.</summary>
    public static int StatusOf(Rejection refused) =>
        refused.Code switch
        {
            ErrorCode.Unsupported => StatusCodes.Status415UnsupportedMediaType,
            ErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
            ErrorCode.QuotaExceeded when refused == Full => StatusCodes.Status507InsufficientStorage,
            ErrorCode.QuotaExceeded => StatusCodes.Status429TooManyRequests,
            ErrorCode.Internal when refused == NoRoom => StatusCodes.Status507InsufficientStorage,
            ErrorCode.Internal => StatusCodes.Status503ServiceUnavailable,
            _ => Api.Problem.StatusOf(refused.Code),
        };
}
