using ChatAi.ChatNode.Ai.Work;
using ChatAi.Shared.Domain;
using CsCheck;

namespace ChatAi.Actors.Tests.Ai;

public sealed class DeltaBatcherTests
{
    // Surrogates and NUL often, in pieces that cut pairs anywhere.
    private static readonly Gen<char> Unit = Gen.OneOf(
        Gen.Char['a', 'z'],
        Gen.Char['\ud800', '\udbff'],
        Gen.Char['\udc00', '\udfff'],
        Gen.Const('\0')
    );

    [Fact]
    public void Should_hand_out_storable_pieces_that_join_to_the_text() =>
        Gen.Select(Unit.Array[0, 40], Gen.Bool.Array[40])
            .Sample(
                (units, take) =>
                {
                    var batcher = new DeltaBatcher();
                    var joined = "";
                    for (var i = 0; i < units.Length; i++)
                    {
                        batcher.Append(units[i].ToString());
                        if (take[i])
                            Take();
                    }
                    Take();
                    Assert.Equal(batcher.Text, joined);
                    Assert.InRange(units.Length - joined.Length, 0, 1);

                    void Take()
                    {
                        if (batcher.Take() is not { } delta)
                            return;
                        Assert.Equal(joined.Length, delta.Off);
                        Assert.NotEmpty(delta.Text);
                        Assert.True(TextRules.IsStorable(delta.Text));
                        joined += delta.Text;
                    }
                }
            );

    [Fact]
    public void Should_keep_a_pair_together_that_came_in_halves()
    {
        var batcher = new DeltaBatcher();
        batcher.Append("a\ud83e");
        Assert.Equal(new Delta(0, "a"), batcher.Take());
        Assert.Null(batcher.Take());
        batcher.Append("\udd8a!");
        Assert.Equal(new Delta(1, "🦊!"), batcher.Take());
    }
}
