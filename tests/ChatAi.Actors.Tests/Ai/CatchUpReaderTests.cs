using ChatAi.ChatNode.Ai.Work;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Actors.Tests.Ai;

public sealed class CatchUpReaderTests
{
    private const int Messages = 7_000;
    private const int Remembered = 128;

    private readonly FakeReader _reader = new();
    private readonly CatchUpReader _catchUp;

    public CatchUpReaderTests()
    {
        for (var seq = 1; seq <= Messages; seq++)
            _reader.Messages.Add(AiSamples.Message(seq, seq % 3, $"Point {seq}: the {Thing(seq)} was tested twice."));
        _catchUp = new CatchUpReader(new ContextReader(_reader, (_, _) => Task.FromResult<string?>(null), 5_000));
    }

    private static string Thing(int i) => new[] { "boiler", "ladder", "curtain", "barrel", "signpost" }[i % 5] + i;

    private async Task<(IReadOnlyList<ChatMessage> Messages, BlockCover Blocks)> CatchUpAsync()
    {
        _reader.Pages.Clear();
        var context = AiSamples.Context(
            AiSamples.Pending(1, kind: AiRunKind.CatchUp),
            [.. _reader.Messages.TakeLast(Remembered)],
            earlierFrom: 5
        );
        var found = await _catchUp.MaterialAsync(context, CancellationToken.None);
        Assert.NotNull(found);
        return found.Value;
    }

    [Fact]
    public async Task Should_cover_a_long_chat_without_a_gap_and_spare_the_next_reader_the_work()
    {
        var (messages, cover) = await CatchUpAsync();

        var next = BlockGrid.BeginAtOrAfter(5);
        foreach (var block in cover.Blocks)
        {
            Assert.Equal(next, block.First);
            next = block.Last + 1;
        }
        Assert.Equal(BlockGrid.EndAtOrBefore(Messages - Remembered) + 1, next);
        Assert.Equal(Messages - 4, messages.Count + cover.MessagesBeside(messages));
        Assert.True(cover.Made.Sum(block => block.Text.Length) <= 24_000);
        var read = _reader.Pages.Count;
        Assert.True(read > Messages / BlockGrid.LeafSize - 5);

        _reader.Blocks.AddRange(cover.Made);
        var (again, second) = await CatchUpAsync();

        Assert.Equal(messages, again);
        Assert.Equal(cover.Used, second.Used);
        Assert.InRange(_reader.Pages.Count, 0, read / 4);
    }
}
