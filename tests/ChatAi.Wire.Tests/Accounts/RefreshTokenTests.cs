using ChatAi.ChatNode.Accounts;
using ChatAi.Shared.Domain;
using CsCheck;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class RefreshTokenTests
{
    private static readonly Gen<RefreshToken> Tokens = Gen.Select(Gen.Guid, Gen.Guid)
        .Select((user, device) => RefreshToken.New(new UserId(user), new DeviceId(device)));

    [Fact]
    public void Should_come_back_from_its_text() =>
        Tokens.Sample(token =>
        {
            var parsed = RefreshToken.Parse(token.ToString());
            return parsed?.User == token.User && parsed.Device == token.Device && parsed.Hash == token.Hash;
        });

    [Fact]
    public void Should_have_one_text_only() =>
        Gen.Select(Tokens, Gen.Int[0, 200], Gen.Char)
            .Sample(
                (token, at, c) =>
                {
                    var text = token.ToString();
                    var changed = at < text.Length ? text[..at] + c + text[(at + 1)..] : text + c;
                    var parsed = RefreshToken.Parse(changed);
                    return changed == text
                        || parsed is null
                        || (parsed.User, parsed.Device, parsed.Hash) != (token.User, token.Device, token.Hash);
                }
            );

    [Fact]
    public void Should_refuse_every_cut() =>
        Gen.Select(Tokens, Gen.Int[0, 88])
            .Sample((token, length) => RefreshToken.Parse(token.ToString()[..length]) is null);

    [Fact]
    public void Should_refuse_any_text() => Gen.String.Sample(text => RefreshToken.Parse(text) is null);

    [Fact]
    public void Should_keep_the_secret_out_of_the_hash()
    {
        var token = RefreshToken.New(new UserId(Guid.Empty), new DeviceId(Guid.Empty));
        Assert.Equal(64, token.Hash.Length);
        Assert.DoesNotContain(Convert.ToHexStringLower(token.Secret.Span), token.Hash, StringComparison.Ordinal);
    }
}
