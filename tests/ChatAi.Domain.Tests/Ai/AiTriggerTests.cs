using ChatAi.Shared.Domain.Ai;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class AiTriggerTests
{
    [Theory]
    [InlineData("@AI what is the time in Oslo?", "what is the time in Oslo?")]
    [InlineData("@ai: hello", "hello")]
    [InlineData("hello @Ai", "hello")]
    [InlineData("hey, @AI, is it so?", "hey, is it so?")]
    [InlineData("(@AI) really?", "( ) really?")]
    [InlineData("@AI", "")]
    [InlineData("what now @AI?", "what now ?")]
    [InlineData("@AI's view?", "'s view?")]
    [InlineData("请@AI总结", "请 总结")]
    [InlineData("see https://example.org/a and ask @AI", "see https://example.org/a and ask")]
    [InlineData("@AIrbus is not it, @AI is", "@AIrbus is not it, is")]
    [InlineData("`code` then @AI go", "`code` then go")]
    [InlineData("an open ` tick, @AI go", "an open ` tick, go")]
    [InlineData("@AI summarizers are what?", "summarizers are what?")]
    public void Should_ask_for_a_reply_where_the_mention_is_a_word(string text, string prompt) =>
        Assert.Equal(new AiRequest(AiRunKind.Reply, prompt), AiTrigger.Detect(text, false));

    [Theory]
    [InlineData("@AIrbus flies")]
    [InlineData("x@ai.com")]
    [InlineData("write to @ai.com")]
    [InlineData("write to mailto:x.@ai")]
    [InlineData("https://example.org/@ai")]
    [InlineData("https://example.org/?q=(@ai)")]
    [InlineData("www.example.org,@ai")]
    [InlineData("the annotation `@AI` of the code")]
    [InlineData("```\n@AI\n```")]
    [InlineData("``a ` @AI``")]
    [InlineData("@AI_tools")]
    [InlineData("@AI2")]
    [InlineData("@AI-based")]
    [InlineData("@@AI")]
    [InlineData("x\u200d@AI")]
    [InlineData("@AI\u2060x")]
    [InlineData("@A\u200bI why?")]
    [InlineData("@\u0410\u0406 why?")]
    [InlineData("@AI@example.org")]
    [InlineData("@AI(name = 1)")]
    [InlineData("pkg/@ai/core")]
    [InlineData("@ai/core")]
    [InlineData("AI is here")]
    [InlineData("")]
    public void Should_not_fire_inside_words_addresses_or_code(string text) =>
        Assert.Null(AiTrigger.Detect(text, false));

    [Theory]
    [InlineData("@AI summarize", AiRunKind.Summarize, "")]
    [InlineData("@ai Summarise the plans for Friday.", AiRunKind.Summarize, "the plans for Friday.")]
    [InlineData("hey @AI, summary please", AiRunKind.Summarize, "please")]
    [InlineData("@AI: please summarize!", AiRunKind.Summarize, "")]
    [InlineData("@AI catch up", AiRunKind.CatchUp, "")]
    [InlineData("@AI CatchUp since noon", AiRunKind.CatchUp, "since noon")]
    [InlineData("@AI catch me up", AiRunKind.CatchUp, "")]
    public void Should_pick_the_kind_from_the_word_after_the_mention(string text, AiRunKind kind, string prompt) =>
        Assert.Equal(new AiRequest(kind, prompt), AiTrigger.Detect(text, false));

    [Theory]
    [InlineData("what is up?", AiRunKind.Reply, "what is up?")]
    [InlineData("summarize our talk", AiRunKind.Summarize, "our talk")]
    [InlineData("Catch up", AiRunKind.CatchUp, "")]
    [InlineData("please summarise", AiRunKind.Summarize, "")]
    [InlineData("I like to catch up", AiRunKind.Reply, "I like to catch up")]
    [InlineData("@AI summary", AiRunKind.Summarize, "")]
    public void Should_answer_everything_in_a_direct_chat(string text, AiRunKind kind, string prompt) =>
        Assert.Equal(new AiRequest(kind, prompt), AiTrigger.Detect(text, true));

    [Fact]
    public void Should_never_fire_without_the_mention_and_never_throw() =>
        Gen.String.Sample(text =>
        {
            var request = AiTrigger.Detect(text, false);
            Assert.True(request is null || text.Contains("@ai", StringComparison.OrdinalIgnoreCase));
            Assert.NotNull(AiTrigger.Detect(text, true));
        });

    [Fact]
    public void Should_fire_between_any_spaced_plain_words() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 8], Gen.String[Gen.Char.AlphaNumeric, 0, 8])
            .Sample((a, b) => Assert.NotNull(AiTrigger.Detect($"{a} @aI {b}", false)));
}
