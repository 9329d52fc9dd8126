using ChatAi.ChatNode.Attachments;
using ChatAi.Shared.Domain;

namespace ChatAi.Wire.Tests.Attachments;

public sealed class UploadProblemTests
{
    public static TheoryData<Rejection, int, string> Problems =>
        new()
        {
            { UploadProblem.Empty, 400, "bad_request" },
            { UploadProblem.TooLarge(5), 413, "too_large" },
            { UploadProblem.NoMediaType, 415, "unsupported" },
            { UploadProblem.NotWhatItSays("image/png"), 415, "unsupported" },
            { UploadProblem.BadPicture("image/png"), 415, "unsupported" },
            { UploadProblem.TooFast(TimeSpan.FromSeconds(1)), 429, "rate_limited" },
            { UploadProblem.TooMuchToday(DateTimeOffset.UnixEpoch), 429, "quota_exceeded" },
            { UploadProblem.Full, 507, "quota_exceeded" },
            { UploadProblem.NoRoom, 507, "internal" },
            { UploadProblem.StoreFailed, 503, "internal" },
        };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Should_say_what_is_wrong_by_status_and_code(Rejection problem, int status, string code) =>
        Assert.Equal((status, code), (UploadProblem.StatusOf(problem), problem.Code));

    [Fact]
    public void Should_say_when_the_next_day_begins() =>
        Assert.Equal(
            3_600_000,
            UploadProblem.TooMuchToday(new DateTimeOffset(2026, 5, 4, 23, 0, 0, TimeSpan.Zero)).AfterMs
        );
}
