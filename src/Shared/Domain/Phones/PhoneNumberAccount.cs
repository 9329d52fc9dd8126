using System.Security.Cryptography;
using System.Text;

namespace ChatAi.Shared.Domain.Phones;

public interface IPhoneEvent
{
    DateTimeOffset At { get; }
}

public static class PhoneEvents
{
    /// <summary>The number belongs to this user from now on: the first successful sign-in made it so.</summary>
    public sealed record PhoneClaimed(UserId User, DateTimeOffset At) : IPhoneEvent;
}

/// <summary>
/// One phone number: whose it is (journaled) and the one-time code under way (in memory only: a lost code is asked for
/// again). Pure: time and codes come from outside.
/// </summary>
public sealed class PhoneNumberAccount
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    public const int AttemptsACode = 5;

    /// <summary>Codes and failed attempts within <see cref="Window"/> before the number has to wait.</summary>
    public const int CodesAWindow = 20;
    public const int FailuresAWindow = 20;

    private byte[]? _codeHash;
    private DateTimeOffset _codeExpires;
    private int _attempts;
    private DateTimeOffset _windowStart;
    private int _codes;
    private int _failures;

    public UserId? Owner { get; private set; }

    public void Apply(IPhoneEvent e)
    {
        if (e is PhoneEvents.PhoneClaimed claimed)
            Owner = claimed.User;
    }

    /// <summary>Makes <paramref name="code"/> the only one that works, or says why not.</summary>
    public Rejection? IssueCode(string code, DateTimeOffset now)
    {
        StartWindow(now);
        if (_codes >= CodesAWindow || _failures >= FailuresAWindow)
            return Wait(now);
        _codes++;
        _codeHash = Hash(code);
        _codeExpires = now + CodeLifetime;
        _attempts = 0;
        return null;
    }

    /// <summary>Null when the code is right; it works once.</summary>
    public Rejection? CheckCode(string code, DateTimeOffset now)
    {
        StartWindow(now);
        if (_failures >= FailuresAWindow)
            return Wait(now);
        if (
            _codeHash is not null
            && now < _codeExpires
            && CryptographicOperations.FixedTimeEquals(Hash(code), _codeHash)
        )
        {
            _codeHash = null;
            return null;
        }
        _failures++;
        if (++_attempts >= AttemptsACode)
            _codeHash = null;
        return new Rejection(ErrorCode.Unauthenticated, "The code is wrong or has expired.");
    }

    private void StartWindow(DateTimeOffset now)
    {
        if (now - _windowStart < Window)
            return;
        _windowStart = now;
        _codes = _failures = 0;
    }

    private Rejection Wait(DateTimeOffset now) =>
        new(
            ErrorCode.RateLimited,
            "Too many codes were asked for or tried for this number.",
            (int)(_windowStart + Window - now).TotalMilliseconds
        );

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
