using ChatAi.Shared.Domain;
using PhoneNumbers;

namespace ChatAi.ChatNode.Accounts;

/// <summary>Which numbers may sign in: those of a numbering plan, or all that have a possible length.</summary>
public enum PhoneRule
{
    /// <summary>The number lies in a range that its country has given out, as far as this build's metadata knows.</summary>
    Valid,

    /// <summary>
    /// The length fits the country: test numbers such as +1 555 010 0123 pass. For servers that show codes themselves
    /// and so send nothing to anyone.
    /// </summary>
    Possible,
}

/// <summary>Phone numbers as people type them → E.164, by Google's libphonenumber.</summary>
public static class PhoneNumberText
{
    private const int MaxTypedLength = 64;

    /// <summary>The number as E.164 (<c>+</c> and at most 15 digits), or why it is none.</summary>
    /// <param name="defaultRegion">ISO 3166 country of numbers without a country code.</param>
    public static (string? E164, Rejection? Rejection) Normalize(string typed, string defaultRegion, PhoneRule rule)
    {
        if (typed.Length > MaxTypedLength)
            return Refuse("A phone number has at most 64 characters.");
        var util = PhoneNumberUtil.GetInstance();
        PhoneNumber number;
        try
        {
            number = util.Parse(typed, defaultRegion);
        }
        catch (NumberParseException e)
        {
            return Refuse(
                e.ErrorType == ErrorType.INVALID_COUNTRY_CODE
                    ? "phone needs a country code that exists, such as +49."
                    : "phone is not a phone number."
            );
        }
        if (number.HasExtension)
            return Refuse("phone must not have an extension.");
        if (!util.IsPossibleNumber(number))
            return Refuse("phone is too short or too long for its country.");
        if (rule == PhoneRule.Valid && !util.IsValidNumber(number))
            return Refuse("phone is not a number that its country gives out.");
        return (util.Format(number, PhoneNumberFormat.E164), null);
    }

    /// <summary>Whether a configured region is one that numbers can be read for.</summary>
    public static bool IsKnownRegion(string region) =>
        PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(region);

    private static (string? E164, Rejection? Rejection) Refuse(string message) =>
        (null, new Rejection(ErrorCode.BadRequest, message));
}
