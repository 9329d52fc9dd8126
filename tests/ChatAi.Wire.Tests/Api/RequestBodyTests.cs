using System.Text;
using ChatAi.ChatNode.Api;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;
using CsCheck;

namespace ChatAi.Wire.Tests.Api;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\":\"a\"} x")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"name\":\"a\"}")]
    [InlineData("{\"name\":\"\\u0000\"}")]
    [InlineData("{\"name\":1}")]
    [InlineData("{\"name\":{}}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{}")]
    [InlineData("{'name':'a'}")]
    public void Should_refuse_what_is_no_object_with_that_field(string body) =>
        Assert.Equal(ErrorCode.BadRequest, Parse(Encoding.UTF8.GetBytes(body)).Rejection?.Code);

    [Fact]
    public void Should_refuse_bytes_that_are_no_UTF_8() =>
        Assert.Equal(ErrorCode.BadRequest, Parse([.. "{\"name\":\"a"u8, 0xC3, 0x28, .. "\"}"u8]).Rejection?.Code);

    [Fact]
    public void Should_refuse_a_well_of_brackets() =>
        Assert.Equal(
            ErrorCode.BadRequest,
            Parse(Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 30_000))).Rejection?.Code
        );

    [Fact]
    public void Should_read_the_field_and_ignore_what_it_does_not_know() =>
        Assert.Equal("é😀", Parse("""{"more":[1,{"x":null}],"name":"é😀"}"""u8.ToArray()).Value);

    [Fact]
    public void Should_never_throw() =>
        Gen.Byte.Array.Sample(bytes =>
        {
            var outcome = Parse(bytes);
            return outcome.IsOk || outcome.Rejection.Code == ErrorCode.BadRequest;
        });

    private static ChatNode.Gateway.Outcome<string> Parse(byte[] body) =>
        RequestBody.Parse(body, static (ref Fields d) => d.Text("name"u8));
}
