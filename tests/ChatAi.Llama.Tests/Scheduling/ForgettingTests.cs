using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Summaries;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;

namespace ChatAi.Llama.Tests.Scheduling;

public sealed class ForgettingTests
{
    private const string Secret = "the secret of the marzipan is in the vault of the harbour";

    private static readonly ChatId Chat = new(new Guid("0190a000-0000-7000-8000-000000000001"));

    private static TranscriptLine Line(long seq, string text) =>
        new(
            seq,
            new Guid((int)seq, 0, 0, new byte[8]),
            $"n{seq}",
            false,
            DateTimeOffset.UnixEpoch.AddSeconds(seq),
            text,
            null
        );

    [Theory]
    [InlineData(AiRunKind.Reply)]
    [InlineData(AiRunKind.Summarize)]
    public async Task Should_keep_nothing_of_a_chats_words_in_the_cache_after_they_changed(AiRunKind kind)
    {
        var engine = new HashEngine(2, context: 8_192, batch: 512);
        using var scheduler = new InferenceScheduler(engine, new SchedulerSettings(), TimeProvider.System);
        var client = new LlamaChatClient(scheduler);
        var settings = new ChatClientSettings("llama", "hash", 8_192, 32, "00", 2);
        var provider = new PiecewiseProvider(
            new ChatClientProvider(client, settings),
            client,
            settings,
            LexicalSupport.Instance
        );
        var request = new AssistantRequest(
            kind,
            "what is it?",
            "n1",
            null,
            [Line(1, Secret), Line(2, "n1: the vault of the harbour has the marzipan, yes.")],
            null
        )
        {
            Chat = Chat,
        };
        try
        {
            await foreach (var _ in provider.AnswerAsync(request, CancellationToken.None)) { }
        }
        catch (AssistantException)
        {
            // The little language says nothing that holds; what it read is in the cache all the same.
        }

        Assert.True(engine.Holds(Secret));
        provider.Forget(Chat);
        // Notes are read in order: when this is answered, that was done.
        var other = new GenerationRequest("other", [new("user", "hello")], GenerationClass.Asked, new(1, 0, 0, []));
        await foreach (var _ in scheduler.GenerateAsync(other, CancellationToken.None)) { }
        Assert.False(engine.Holds(Secret));
    }
}
