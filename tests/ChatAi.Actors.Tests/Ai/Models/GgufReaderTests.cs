using ChatAi.ChatNode.Ai.Models;
using ChatAi.Testing.Models;
using CsCheck;

namespace ChatAi.Actors.Tests.Ai.Models;

public sealed class GgufReaderTests
{
    private static GgufHeader Read(byte[] bytes) => GgufReader.Read(new MemoryStream(bytes));

    private static string Refused(byte[] bytes) => Assert.Throws<GgufException>(() => Read(bytes)).Message;

    [Fact]
    public void Should_say_what_the_model_is()
    {
        var header = Read(GgufBuilder.ChatFile());
        Assert.Equal(("llama", "Small Talk", "Q8_0"), (header.Architecture, header.Name, header.Quantisation));
        Assert.Equal(
            (3, 1_024L, 2_048, true),
            (header.Version, header.Parameters, header.ContextTokens, header.HasChatTemplate)
        );
        Assert.Equal("1K", header.ParametersText);
        Assert.Null(header.WhyNotChat);
    }

    [Fact]
    public void Should_take_the_commonest_type_where_the_file_names_none()
    {
        var header = Read(
            new GgufBuilder()
                .Text("general.architecture", "qwen2")
                .Tensor("a", 0, 0, 16)
                .Tensor("b", 2, 64, 32, 32)
                .Build()
        );
        Assert.Equal(("Q4_0", 1_040L, false), (header.Quantisation, header.Parameters, header.HasChatTemplate));
    }

    [Theory]
    [InlineData("clip", "writes no text")]
    [InlineData("bert", "writes no text")]
    public void Should_know_what_cannot_chat(string architecture, string why)
    {
        var header = Read(new GgufBuilder().Text("general.architecture", architecture).Tensor("a", 0, 0, 16).Build());
        Assert.Contains(why, header.WhyNotChat, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_know_a_part_of_a_split_model()
    {
        var header = Read(GgufBuilder.Chat().Number("split.count", 2).Number("split.no", 1).Build());
        Assert.Equal(1, header.Part);
        Assert.NotNull(header.WhyNotChat);
    }

    [Fact]
    public void Should_refuse_what_is_no_gguf_file()
    {
        Assert.Contains(
            "does not begin with 'GGUF'",
            Refused("<!DOCTYPE html><html>"u8.ToArray()),
            StringComparison.Ordinal
        );
        Assert.Contains("does not begin with 'GGUF'", Refused([]), StringComparison.Ordinal);
        var old = GgufBuilder.Chat();
        old.Version = 1;
        Assert.Contains("version 1 is not known", Refused(old.Build()), StringComparison.Ordinal);
        Assert.Contains(
            "names no architecture",
            Refused(new GgufBuilder().Text("a", "b").Tensor("t", 0, 0, 1).Build()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Should_refuse_lengths_that_lie_without_allocating_by_them()
    {
        byte[][] lies =
        [
            GgufBuilder.Chat().Build(pairs: ulong.MaxValue),
            GgufBuilder.Chat().Build(tensors: 1UL << 40),
            GgufBuilder.Chat().Build(pairs: 0),
            Lie(w =>
            {
                w.Write(8u);
                w.Write(ulong.MaxValue);
            }),
            Lie(w =>
            {
                w.Write(8u);
                w.Write(1UL << 31);
            }),
            Lie(w =>
            {
                w.Write(9u);
                w.Write(8u);
                w.Write(1UL << 60);
            }),
            Lie(w =>
            {
                w.Write(9u);
                w.Write(12u);
                w.Write(1UL << 61);
            }),
            Lie(w =>
            {
                w.Write(9u);
                w.Write(9u);
                w.Write(3UL);
            }),
            Lie(w => w.Write(77u)),
            new GgufBuilder().Text("general.architecture", "x").Tensor("t", 0, 0, ulong.MaxValue, 2).Build(),
            new GgufBuilder().Text("general.architecture", "x").Tensor("t", 0, ulong.MaxValue, 2).Build(),
            new GgufBuilder().Text("general.architecture", "x").Tensor("t", 0, 0, 1UL << 40).Build(),
        ];
        foreach (var lie in lies)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refused(lie);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        static byte[] Lie(Action<BinaryWriter> value) => GgufBuilder.Chat().Pair("general.name", value).Build();
    }

    [Fact]
    public void Should_refuse_every_beginning_of_a_file()
    {
        var whole = GgufBuilder.ChatFile(dataBytes: 1_088);
        for (var length = 0; length < whole.Length; length++)
            Refused(whole[..length]);
        Assert.Equal(whole.Length, Read(whole).Bytes);
    }

    [Fact]
    public void Should_end_with_a_header_or_a_clear_refusal_whatever_the_bytes()
    {
        var whole = GgufBuilder.ChatFile(dataBytes: 1_088);
        // Random bytes behind a true beginning of any length, and single bytes changed.
        Gen.Int[0, whole.Length - 1]
            .Select(Gen.Byte.Array[0, 400], Gen.Bool)
            .Sample(
                (at, noise, replace) =>
                {
                    var bytes = replace
                        ? [.. whole[..at], .. noise.Take(4), .. whole.Skip(at + 4)]
                        : (byte[])[.. whole[..at], .. noise];
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        Assert.InRange(Read(bytes).Bytes, 0, bytes.Length);
                    }
                    catch (GgufException wrong)
                    {
                        Assert.DoesNotContain('\n', wrong.Message);
                    }
                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
                },
                iter: 20_000
            );
    }

    [SkippableTheory]
    [InlineData(SharedModels.Chat, "llama", "135M", "Q4_1", true)]
    [InlineData(SharedModels.Stories, "llama", "293K", "F32", false)]
    public void Should_read_real_models(string name, string architecture, string parameters, string type, bool template)
    {
        var path = SharedModels.Find(name);
        Skip.If(path is null, $"no shared/models/{name} beside the repository");
        var header = GgufReader.ReadFile(path);
        Assert.Equal(
            (architecture, type, template),
            (header.Architecture, header.Quantisation, header.HasChatTemplate)
        );
        Assert.Equal(parameters, header.ParametersText);
        Assert.Equal(new FileInfo(path).Length, header.Bytes);
    }
}
