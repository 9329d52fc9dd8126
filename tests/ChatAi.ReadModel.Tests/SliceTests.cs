using ChatAi.ChatNode.Projections;

namespace ChatAi.ReadModel.Tests;

public sealed class SliceTests
{
    // Written down: a change would give rows to another slice than the one whose offset counts for them.
    [Theory]
    [InlineData("chat-01890a5d-ac96-774b-bcce-b302099a8057", 4, 2)]
    [InlineData("user-01890a5d-ac96-774b-bcce-b302099a8057", 4, 2)]
    [InlineData("phone-+4915112345678", 4, 1)]
    [InlineData("operators-ai", 16, 13)]
    public void Should_put_an_entity_into_the_same_slice_for_ever(string id, int count, int slice) =>
        Assert.Equal(slice, Slice.Of(id, count));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(64)]
    public void Should_spread_entities_evenly(int count)
    {
        const int Entities = 20_000;
        var sizes = new int[count];
        for (var i = 0; i < Entities; i++)
            sizes[Slice.Of($"chat-{Guid.CreateVersion7()}", count)]++;
        Assert.All(sizes, size => Assert.InRange(size, Entities / count * 0.7, Entities / count * 1.3));
    }

    [Fact]
    public void Should_have_each_entity_in_one_slice() =>
        Assert.Single(Slice.All(5), slice => slice.Has("chat-01890a5d-ac96-774b-bcce-b302099a8057"));
}
