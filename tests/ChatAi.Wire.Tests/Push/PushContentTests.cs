using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.ChatNode.Push.WebPush;

namespace ChatAi.Wire.Tests.Push;

/// <summary>The example of RFC 8291 (section 5 and appendix A), byte for byte.</summary>
public sealed class PushContentTests
{
    private const string Plain = "When I grow up, I want to be a watermelon";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string BrowserPublic =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string OwnPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    private const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void Should_make_the_body_of_the_example()
    {
        using var own = ECDiffieHellman.Create(
            new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Decode(OwnPrivate) }
        );
        var body = PushContent.Encrypt(
            Encoding.UTF8.GetBytes(Plain),
            Decode(BrowserPublic),
            Decode(Auth),
            own,
            Decode(Salt)
        );
        Assert.Equal(Body, Base64Url.EncodeToString(body));
    }

    [Fact]
    public void Should_keep_the_largest_message_within_what_services_take()
    {
        var body = PushContent.Encrypt(new byte[PushContent.MaxPlain], Decode(BrowserPublic), Decode(Auth));
        Assert.Equal(4_096, body.Length);
        Assert.Throws<ArgumentException>(() =>
            PushContent.Encrypt(new byte[PushContent.MaxPlain + 1], Decode(BrowserPublic), Decode(Auth))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Should_take_no_bytes_that_are_no_point_of_the_curve(string key) =>
        Assert.Null(PushContent.CheckedPoint(Decode(key)));

    [Fact]
    public void Should_say_who_sends_in_a_token_that_the_public_key_checks()
    {
        using var vapid = new Vapid(Decode(OwnPrivate), "mailto:ops@example.com");
        var now = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
        var header = vapid.AuthorizationFor(new Uri("https://push.example.net:8443/a/b?c=d"), now);
        Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
        var parts = header["vapid t=".Length..].Split(", k=");
        Assert.Equal(vapid.PublicKey, parts[1]);
        var token = parts[0].Split('.');
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Decode(parts[1])[1..33], Y = Decode(parts[1])[33..] },
            }
        );
        Assert.True(
            key.VerifyData(
                Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"),
                Decode(token[2]),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            )
        );
        Assert.Equal("ES256", JsonDocument.Parse(Decode(token[0])).RootElement.GetProperty("alg").GetString());
        var claims = JsonDocument.Parse(Decode(token[1])).RootElement;
        Assert.Equal("https://push.example.net:8443", claims.GetProperty("aud").GetString());
        Assert.Equal("mailto:ops@example.com", claims.GetProperty("sub").GetString());
        Assert.InRange(claims.GetProperty("exp").GetInt64() - now.ToUnixTimeSeconds(), 1, 86_400);
    }

    private static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);
}
