using System.Text;
using ChatAi.ChatNode.Ai.Llama;
using CsCheck;

namespace ChatAi.Llama.Tests.Scheduling;

public sealed class AnswerTextTests
{
    private static readonly string[] Stop = ["<|end|>", "\nUser:"];

    private static List<string> Feed(byte[] bytes, IEnumerable<int> sizes, out string all)
    {
        var text = new AnswerText(Stop);
        var pieces = new List<string>();
        var at = 0;
        foreach (var size in sizes.Append(bytes.Length))
        {
            var end = Math.Min(bytes.Length, at + size);
            pieces.Add(text.Take(bytes.AsSpan(at, end - at)));
            at = end;
        }

        pieces.Add(text.End());
        all = string.Concat(pieces);
        return pieces;
    }

    [Fact]
    public void Should_give_the_same_text_however_the_bytes_are_split_and_never_half_a_character()
    {
        string[] some = ["a", "é", "😀", "👨‍👩‍👧", "<|en", "<|end", "\nUser", " ", "漢"];
        var words = Gen.Int[0, some.Length - 1].Select(i => some[i]);
        Gen.Select(words.List[0, 20], Gen.Int[1, 5].List[0, 60])
            .Sample(
                (parts, sizes) =>
                {
                    var whole = string.Concat(parts);
                    var pieces = Feed(Encoding.UTF8.GetBytes(whole), sizes, out var all);
                    Assert.Equal(whole, all);
                    Assert.All(
                        pieces,
                        p => Assert.False(p.Length > 0 && (char.IsHighSurrogate(p[^1]) || char.IsLowSurrogate(p[0])))
                    );
                }
            );
    }

    [Fact]
    public void Should_end_before_a_stop_string_wherever_it_is_split()
    {
        Gen.Int[1, 4]
            .List[0, 40]
            .Sample(sizes =>
            {
                Feed("it is done<|end|> and more\nUser: x"u8.ToArray(), sizes, out var all);
                Assert.Equal("it is done", all);
            });
    }

    [Fact]
    public void Should_replace_bytes_that_are_no_text()
    {
        Feed([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82], [1, 1, 1, 1], out var all);
        Assert.Equal("a\uFFFDb\uFFFD", all);
    }
}
