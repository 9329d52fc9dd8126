using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class AccessTokensTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly UserId User = new(new Guid("0197f0aa-0000-7000-8000-000000000001"));
    private static readonly DeviceId Device = new(new Guid("0197f0aa-0000-7000-8000-000000000002"));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly AccessTokens _tokens;

    public AccessTokensTests() => _tokens = With(Key);

    [Fact]
    public void Should_say_whose_token_it_is_and_until_when()
    {
        var info = _tokens.Verify(_tokens.Issue(User, Device)).Value;
        Assert.Equal(new TokenInfo(User, Device, _time.GetUtcNow() + _tokens.Lifetime), info);
    }

    [Fact]
    public void Should_work_until_its_last_second_and_not_longer()
    {
        var token = _tokens.Issue(User, Device);
        _time.Advance(_tokens.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(_tokens.Verify(token).IsOk);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.TokenExpired, _tokens.Verify(token).Rejection!.Code);
    }

    [Fact]
    public void Should_refuse_another_key_even_when_it_has_expired()
    {
        var forged = With(RandomNumberGenerator.GetBytes(32)).Issue(User, Device);
        AssertInvalid(forged);
        _time.Advance(TimeSpan.FromDays(1));
        AssertInvalid(forged);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    public void Should_refuse_another_algorithm(string algorithm) =>
        AssertInvalid(Sign($$"""{"alg":"{{algorithm}}","typ":"at+jwt"}""", Payload(), algorithm));

    [Fact]
    public void Should_refuse_a_token_without_a_signature()
    {
        var token = _tokens.Issue(User, Device);
        AssertInvalid(token[..(token.LastIndexOf('.') + 1)]);
        AssertInvalid(token[..token.LastIndexOf('.')]);
    }

    [Fact]
    public void Should_take_the_same_payload_when_it_is_signed_rightly() =>
        Assert.True(_tokens.Verify(Sign("""{"alg":"HS256","typ":"at+jwt"}""", Payload(), "HS256")).IsOk);

    [Theory]
    [InlineData("typ")]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("did")]
    [InlineData("exp")]
    public void Should_refuse_a_signed_token_that_lacks_something(string missing)
    {
        var header = missing == "typ" ? """{"alg":"HS256"}""" : """{"alg":"HS256","typ":"at+jwt"}""";
        AssertInvalid(Sign(header, Payload(missing), "HS256"));
    }

    [Fact]
    public void Should_refuse_every_cut_of_a_token()
    {
        var token = _tokens.Issue(User, Device);
        Gen.Int[0, token.Length - 1].Sample(length => IsInvalid(token[..length]));
    }

    [Fact]
    public void Should_refuse_a_token_with_any_character_changed()
    {
        var token = _tokens.Issue(User, Device);
        // The last character of the signature holds 2 unused bits; all others count.
        Gen.Select(Gen.Int[0, token.Length - 2], Gen.Char["ABCXYZabcxyz0189-_.=+ é"])
            .Where((at, c) => token[at] != c)
            .Sample((at, c) => IsInvalid(token[..at] + c + token[(at + 1)..]));
    }

    [Fact]
    public void Should_refuse_any_text() => Gen.String.Sample(IsInvalid);

    [Fact]
    public void Should_refuse_an_endless_text() => AssertInvalid(new string('a', 1_000_000));

    private AccessTokens With(byte[] key) => new(new SigningKey(key), _time, Options.Create(new ChatAiOptions()));

    private bool IsInvalid(string token) =>
        _tokens.Verify(token) is { IsOk: false, Rejection.Code: ErrorCode.Unauthenticated };

    private void AssertInvalid(string token) =>
        Assert.Equal(ErrorCode.Unauthenticated, _tokens.Verify(token).Rejection?.Code);

    private string Payload(string? without = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = AccessTokens.Issuer,
            ["aud"] = AccessTokens.Audience,
            ["sub"] = User.ToString(),
            ["did"] = Device.ToString(),
            ["exp"] = _time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        };
        return System.Text.Json.JsonSerializer.Serialize(claims.Where(c => c.Key != without).ToDictionary());
    }

    private static string Sign(string header, string payload, string algorithm)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm.ToUpperInvariant() switch
        {
            "NONE" => [],
            "HS384" => HMACSHA384.HashData(Key, bytes),
            "HS512" => HMACSHA512.HashData(Key, bytes),
            _ => HMACSHA256.HashData(Key, bytes),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
