using System.Security.Cryptography;
using System.Text;
using ChatAi.ChatNode.Ai.Engine;
using ChatAi.Testing.Models;

namespace ChatAi.Llama.Tests;

public sealed class TextTests(LlamaFixture models) : IClassFixture<LlamaFixture>
{
    private const int Start = 259;
    private const int End = 260;

    [SkippableFact]
    public void Should_describe_the_model()
    {
        using var engine = models.Open(sequences: 2, context: 100_000);

        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(models.Model())));
        Assert.Equal(
            new EngineModel(
                Path.GetFileName(models.Model()),
                hash,
                TinyModel.Context,
                2,
                256,
                TinyModel.Vocabulary,
                TinyModel.ChatMl
            ),
            engine.Model
        );
    }

    [SkippableTheory]
    [InlineData("the other end")]
    [InlineData("Grüße, 世界! 👩‍👩‍👧 \U0001F680")]
    [InlineData("line one\n\tline <two>\r\n")]
    [InlineData("")]
    public void Should_give_back_every_byte_of_a_text(string text)
    {
        using var engine = models.Open();

        Assert.Equal(text, Greedy.Text(engine, engine.Tokenize(text, addBeginning: false, parseSpecial: false)));
    }

    [SkippableFact]
    public void Should_split_a_character_over_tokens()
    {
        using var engine = models.Open();
        var tokens = engine.Tokenize("🚀", addBeginning: false, parseSpecial: false);

        var piece = new byte[8];
        Assert.Equal(4, tokens.Length);
        Assert.All(
            Encoding.UTF8.GetBytes("🚀").Zip(tokens, (b, t) => (Byte: b, Token: t)),
            pair =>
            {
                Assert.Equal(1, engine.PieceOf(pair.Token, piece));
                Assert.Equal(pair.Byte, piece[0]);
            }
        );
    }

    [SkippableFact]
    public void Should_add_a_beginning_and_no_end()
    {
        using var engine = models.Open();
        var bare = engine.Tokenize("the", addBeginning: false, parseSpecial: false);

        Assert.Equal([1, .. bare], engine.Tokenize("the", addBeginning: true, parseSpecial: false));
    }

    [SkippableFact]
    public void Should_take_control_tokens_for_words_unless_told_otherwise()
    {
        using var engine = models.Open();
        const string words = "<|im_end|>";

        var written = engine.Tokenize(words, addBeginning: false, parseSpecial: false);
        Assert.DoesNotContain(End, written);
        Assert.Equal(words, Greedy.Text(engine, written));
        Assert.Equal([End], engine.Tokenize(words, addBeginning: false, parseSpecial: true));
        Assert.Equal(0, engine.PieceOf(End, new byte[32]));
    }

    [SkippableFact]
    public void Should_know_the_ends()
    {
        using var engine = models.Open();

        Assert.True(engine.IsEnd(2));
        Assert.True(engine.IsEnd(End));
        Assert.False(engine.IsEnd(Start));
        Assert.False(engine.IsEnd(70));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.IsEnd(TinyModel.Vocabulary));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.PieceOf(-1, new byte[8]));
        Assert.Throws<ArgumentException>(() => engine.PieceOf(70, []));
    }

    [SkippableTheory]
    [InlineData(TinyModel.ChatMl)]
    [InlineData(null)]
    [InlineData("{{ a template of nobody }}")]
    public void Should_apply_the_model_s_template_or_chatml(string? template)
    {
        using var engine = models.Open(model: models.Model(1, template));

        var prompt = engine.ApplyTemplate([new("system", "Be brief."), new("user", "Grüße 👋")]);

        Assert.Equal(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nGrüße 👋<|im_end|>\n<|im_start|>assistant\n",
            prompt
        );
    }

    [SkippableFact]
    public void Should_apply_another_template_that_is_known()
    {
        const string llama3 = "{{ '<|start_header_id|>' + role + '<|end_header_id|>' }}";
        using var engine = models.Open(model: models.Model(1, llama3));

        var prompt = engine.ApplyTemplate([new("user", new string('x', 5000))]);

        Assert.StartsWith("<|start_header_id|>user<|end_header_id|>\n\nxxx", prompt, StringComparison.Ordinal);
        Assert.EndsWith("<|start_header_id|>assistant<|end_header_id|>\n\n", prompt, StringComparison.Ordinal);
    }
}
