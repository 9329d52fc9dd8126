using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Phones;
using CsCheck;

namespace ChatAi.Domain.Tests.Phones;

public sealed class PhoneNumberAccountTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Against a naive model: the newest code is right until it is used, expires, is guessed at five times or the number
    /// has to wait. No interleaving lets a wrong code in or more guesses through than a window allows.
    /// </summary>
    [Fact]
    public void Should_accept_the_newest_code_once_and_bound_the_guesses() =>
        Gen.Select(Gen.Frequency((2, Gen.Const(0)), (2, Gen.Const(1)), (6, Gen.Const(2))), Gen.Int[0, 90])
            .Array[1, 150]
            .Sample(
                steps =>
                {
                    var account = new PhoneNumberAccount();
                    var now = Start;
                    var made = 0;
                    var newest = "none";
                    (string Code, DateTimeOffset Until, int Wrong)? valid = null;
                    var guesses = new List<DateTimeOffset>();
                    foreach (var (kind, seconds) in steps)
                    {
                        now += TimeSpan.FromSeconds(seconds);
                        if (kind == 0)
                        {
                            var code = $"{++made:d6}";
                            if (account.IssueCode(code, now) is null)
                                valid = (newest = code, now + PhoneNumberAccount.CodeLifetime, 0);
                            continue;
                        }
                        // The newest code is also tried when it no longer works.
                        var shown = kind == 1 ? newest : "wrong";
                        var rejection = account.CheckCode(shown, now);
                        if (rejection?.Code == ErrorCode.RateLimited)
                        {
                            Assert.InRange(rejection.AfterMs!.Value, 1, PhoneNumberAccount.Window.TotalMilliseconds);
                            continue;
                        }
                        Assert.Equal(
                            valid is not null && shown == valid.Value.Code && now < valid.Value.Until,
                            rejection is null
                        );
                        if (rejection is null)
                        {
                            valid = null;
                            continue;
                        }
                        guesses.Add(now);
                        if (valid is { } open)
                            valid =
                                open.Wrong + 1 >= PhoneNumberAccount.AttemptsACode
                                    ? null
                                    : open with
                                    {
                                        Wrong = open.Wrong + 1,
                                    };
                    }
                    // Windows start anew, so two of them may touch.
                    foreach (var first in guesses)
                        Assert.InRange(
                            guesses.Count(g => g >= first && g < first + PhoneNumberAccount.Window),
                            0,
                            2 * PhoneNumberAccount.FailuresAWindow
                        );
                },
                iter: 1_000
            );

    [Fact]
    public void Should_stop_issuing_codes_for_a_while()
    {
        var account = new PhoneNumberAccount();
        for (var n = 0; n < PhoneNumberAccount.CodesAWindow; n++)
            Assert.Null(account.IssueCode($"{n}", Start));

        Assert.Equal(ErrorCode.RateLimited, account.IssueCode("x", Start)?.Code);
        Assert.Null(account.IssueCode("x", Start + PhoneNumberAccount.Window));
    }

    [Fact]
    public void Should_make_guessing_wait()
    {
        var account = new PhoneNumberAccount();
        account.IssueCode("right", Start);
        var answers = Enumerable.Range(0, 30).Select(_ => account.CheckCode("wrong", Start)!.Code).ToList();

        Assert.Equal(PhoneNumberAccount.FailuresAWindow, answers.Count(c => c == ErrorCode.Unauthenticated));
        Assert.Equal(ErrorCode.RateLimited, answers[^1]);
        Assert.Equal(ErrorCode.RateLimited, account.IssueCode("next", Start)?.Code);
    }

    [Fact]
    public void Should_belong_to_who_claimed_it()
    {
        var account = new PhoneNumberAccount();
        var user = UserId.New(Start);
        account.Apply(new PhoneEvents.PhoneClaimed(user, Start));

        Assert.Equal(user, account.Owner);
    }
}
