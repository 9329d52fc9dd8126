using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Domain.Tests.Ai;

public sealed class UnaskedQuestionTests
{
    [Theory]
    [InlineData("When is lunch?", true)]
    [InlineData("when is lunch?? ", true)]
    [InlineData("Wann essen wir?!", true)]
    [InlineData("昼ごはんは何時？", true)]
    [InlineData("متى الغداء؟", true)]
    [InlineData("she asked \"when?\"", true)]
    [InlineData("mail a @ b?", true)]
    [InlineData("?", false)]
    [InlineData("", false)]
    [InlineData("Lunch is at one.", false)]
    [InlineData("Really? Good.", false)]
    [InlineData("@Bob when is lunch?", false)]
    [InlineData("does bob@example.org still work?", false)]
    public void Should_tell_questions_to_nobody(string text, bool question) =>
        Assert.Equal(question, UnaskedQuestion.Is(text));
}
