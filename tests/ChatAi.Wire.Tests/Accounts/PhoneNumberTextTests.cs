using ChatAi.ChatNode.Accounts;
using ChatAi.Shared.Domain;
using CsCheck;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class PhoneNumberTextTests
{
    [Theory]
    [InlineData("+49 151 23456789", "US", "+4915123456789")]
    [InlineData("+49 (0) 151 / 234-567-89", "US", "+4915123456789")]
    [InlineData("0049 151 23456789", "DE", "+4915123456789")]
    [InlineData("0151 23456789", "DE", "+4915123456789")]
    [InlineData("(202) 456-1111", "US", "+12024561111")]
    [InlineData("202.456.1111", "US", "+12024561111")]
    [InlineData("011 49 151 23456789", "US", "+4915123456789")]
    [InlineData("٠١٥١٢٣٤٥٦٧٨٩", "DE", "+4915123456789")]
    [InlineData("tel:+1-202-456-1111", "DE", "+12024561111")]
    public void Should_read_what_a_person_types(string typed, string region, string e164) =>
        Assert.Equal((e164, null), PhoneNumberText.Normalize(typed, region, PhoneRule.Valid));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("+")]
    [InlineData("+999 123 4567")]
    [InlineData("12")]
    [InlineData("+49 1")]
    [InlineData("+1 202 456 1111 1111 1111")]
    [InlineData("+1 202 456 1111 ext. 5")]
    [InlineData("+49151\0123456789")]
    public void Should_refuse_what_is_no_number(string typed)
    {
        var (e164, refused) = PhoneNumberText.Normalize(typed, "US", PhoneRule.Possible);
        Assert.Null(e164);
        Assert.Equal(ErrorCode.BadRequest, refused!.Code);
    }

    [Theory]
    [InlineData("+1 555 010 0123")]
    [InlineData("+15550001234")]
    public void Should_take_test_numbers_only_where_codes_are_shown(string typed)
    {
        Assert.NotNull(PhoneNumberText.Normalize(typed, "US", PhoneRule.Possible).E164);
        Assert.Equal(ErrorCode.BadRequest, PhoneNumberText.Normalize(typed, "US", PhoneRule.Valid).Rejection!.Code);
    }

    [Fact]
    public void Should_answer_any_text_with_a_number_or_a_reason() =>
        Gen.String.Sample(typed =>
        {
            var (e164, refused) = PhoneNumberText.Normalize(typed, "DE", PhoneRule.Possible);
            return e164 is null ? refused is { Code: ErrorCode.BadRequest } : refused is null && IsE164(e164);
        });

    [Fact]
    public void Should_leave_a_number_as_it_is() =>
        Gen.Long[4_915_100_000_000, 4_915_199_999_999]
            .Sample(n =>
            {
                var (e164, _) = PhoneNumberText.Normalize($"+{n}", "US", PhoneRule.Possible);
                return e164 == $"+{n}" && PhoneNumberText.Normalize(e164, "FR", PhoneRule.Possible).E164 == e164;
            });

    private static bool IsE164(string text) =>
        text.Length is >= 3 and <= 19 && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
