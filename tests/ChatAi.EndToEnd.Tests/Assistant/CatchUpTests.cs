using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A long catch-up with a model: what of its pieces is kept, what is marked, and what the run tells of it.</summary>
public sealed partial class CatchUpTests : WithModel
{
    private const int Messages = 260;
    private const string Marked = "titles and sentences without a name before them are a language model's";

    private Task<ModelCall>? _next;

    [GeneratedRegex("\"text\":\"([^\"]*)\"")]
    private static partial Regex TextOfLine();

    [Fact]
    public async Task Should_keep_what_holds_of_a_models_pieces_mark_it_and_tell_how_many()
    {
        await FillAsync();
        await CheckAsync(titleHolds: true, sentenceHolds: true);
        await CheckAsync(titleHolds: true, sentenceHolds: false);
        await CheckAsync(titleHolds: false, sentenceHolds: true);
        await CheckAsync(titleHolds: false, sentenceHolds: false);
    }

    private async Task CheckAsync(bool titleHolds, bool sentenceHolds)
    {
        var run = (await Scene.BobsSocket.AskAiAsync(Scene.Chat, "catchup")).Run;
        string? title = null;
        string? sentence = null;
        var calls = await PlayAsync(
            run,
            prompt =>
            {
                var words = TextOfLine().Match(prompt).Groups[1].Value.Split(' ');
                if (prompt.Contains("Task: a title", StringComparison.Ordinal))
                    return title = titleHolds ? string.Join(' ', words[3..5]) : "Zebra quantum parade";
                sentence = sentenceHolds
                    ? string.Join(' ', words.Where((_, i) => i != 2))
                    : "Zebras paraded in the moonlight of Saturn.";
                return sentence;
            }
        );

        var told = await Scene.Bob.Api.RunAsync(run);
        var text = told.GetProperty("text").GetString()!;
        var kept = (titleHolds ? 1 : 0) + (sentenceHolds ? 1 : 0);
        var pieces = told.GetProperty("pieces");
        Assert.Equal((2, 2), (calls, pieces.GetProperty("asked").GetInt32()));
        Assert.Equal(kept, pieces.GetProperty("kept").GetInt32());
        Assert.True(titleHolds == text.Contains($"\n{title} [#", StringComparison.Ordinal), text);
        Assert.True(sentenceHolds == text.Contains($"\n{sentence![..^1]}", StringComparison.Ordinal), text);
        Assert.DoesNotContain("Zebra", text, StringComparison.Ordinal);
        Assert.Contains(kept > 0 ? Marked : "picked without a language model", text, StringComparison.Ordinal);
        Assert.StartsWith($"Extracts from {Messages} messages", text, StringComparison.Ordinal);
        var provider = kept > 0 ? "openai" : "extractive (nothing of openai held)";
        Assert.Equal(provider, told.GetProperty("provider").GetString());
        Assert.Equal("pieces.v1", told.GetProperty("prompt_version").GetString());
        Assert.Equal((14, 10), (told.GetProperty("tokens_in").GetInt32(), told.GetProperty("tokens_out").GetInt32()));
        Assert.Equal(
            (1, Messages + 1),
            (told.GetProperty("first_seq").GetInt64(), told.GetProperty("last_seq").GetInt64())
        );
        CheckBlocks(told);
    }

    private static void CheckBlocks(JsonElement told)
    {
        var blocks = told.GetProperty("blocks").EnumerateArray().ToList();
        long next = 1;
        foreach (var block in blocks)
        {
            Assert.Equal(next, block.GetProperty("first_seq").GetInt64());
            Assert.Equal("blocks.v1", block.GetProperty("version").GetString());
            next = block.GetProperty("last_seq").GetInt64() + 1;
        }
        // The newest 128 messages are given as they are, and so is what is left of the block before them.
        Assert.Equal(97, next);
    }

    private async Task FillAsync()
    {
        foreach (var some in Enumerable.Range(1, Messages).Chunk(50))
            await Task.WhenAll(
                some.Select(i =>
                    Scene.AnnsSocket.SendAsync(Scene.Chat, $"Point {i}: the {Thing(i)} is ready and was tested twice.")
                )
            );
    }

    private static string Thing(int i) => new[] { "boiler", "ladder", "projector" }[i % 3] + i;

    /// <summary>Answers the model's calls until the run has ended; says how many there were.</summary>
    private async Task<int> PlayAsync(Guid run, Func<string, string> answer)
    {
        var ended = Scene.BobsSocket.EndOfRunAsync(run);
        for (var calls = 0; ; calls++)
        {
            _next ??= Model.NextCallAsync(TimeSpan.FromMinutes(2));
            if (await Task.WhenAny(ended, _next) == ended)
            {
                Assert.Equal("done", (await ended).StatusOf());
                return calls;
            }
            var call = await _next;
            _next = null;
            await call.SayAsync(answer(call.Prompt));
            await call.FinishAsync();
        }
    }
}
