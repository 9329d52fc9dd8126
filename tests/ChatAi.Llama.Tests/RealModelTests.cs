using ChatAi.ChatNode.Ai.Engine;
using ChatAi.Testing.Models;

namespace ChatAi.Llama.Tests;

/// <summary>Models that were trained, where they lie beside the repository.</summary>
public sealed class RealModelTests(LlamaFixture models) : IClassFixture<LlamaFixture>
{
    [SkippableFact]
    public void Should_tell_a_story()
    {
        using var engine = Open(SharedModels.Stories);
        var prompt = engine.Tokenize("Once upon a time", addBeginning: true, parseSpecial: false);

        var tokens = Greedy.Answer(engine, 0, prompt, 60);
        var story = Greedy.Text(engine, tokens);

        Assert.Equal(tokens, Greedy.Answer(engine, 0, prompt, 60));
        Assert.True(story.Split(' ').Length > 20, story);
        Assert.Contains("was", story, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', story);
    }

    [SkippableFact]
    public void Should_answer_a_question()
    {
        using var engine = Open(SharedModels.Chat);
        var text = engine.ApplyTemplate([new("user", "What is the capital of France?")]);
        var prompt = engine.Tokenize(text, addBeginning: false, parseSpecial: true);

        var tokens = Greedy.Answer(engine, 0, prompt, 24);
        var answer = Greedy.Text(engine, tokens.TakeWhile(token => !engine.IsEnd(token)));

        Assert.Contains("<|im_start|>", engine.Model.ChatTemplate, StringComparison.Ordinal);
        Assert.Contains("Paris", answer, StringComparison.Ordinal);
        Assert.Contains(tokens, engine.IsEnd);
        Assert.Equal(tokens, Greedy.Answer(engine, 0, prompt, 24));
    }

    private IInferenceEngine Open(string name)
    {
        var path = SharedModels.Find(name);
        Skip.If(path is null, $"shared/models/{name} is not beside the repository");
        return models.Open(context: 512, model: path);
    }
}
