using ChatAi.ChatNode.Accounts;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class OneTimeCodesTests
{
    [Fact]
    public void Should_be_six_digits_that_differ()
    {
        var codes = Enumerable.Range(0, 1_000).Select(_ => OneTimeCodes.New()).ToList();
        Assert.All(codes, code => Assert.Matches("^[0-9]{6}$", code));
        // 1,000 draws of a million: 0.5 repetitions are expected, 20 cannot happen by chance.
        Assert.InRange(codes.Distinct().Count(), 980, 1_000);
    }

    [Theory]
    [InlineData("123 456", "123456")]
    [InlineData(" 123-456\n", "123456")]
    [InlineData("123456", "123456")]
    public void Should_be_read_as_people_copy_them(string typed, string code) =>
        Assert.Equal(code, AccountRules.CodeAsTyped(typed));
}
