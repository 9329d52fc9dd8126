using System.Buffers.Binary;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using CsCheck;

namespace ChatAi.Domain.Tests.Chats;

public sealed class CidFilterTests
{
    private const int MaxBytes = 120_000;
    private static readonly UserId Sender = ChatWorld.People[0];

    private static ClientMessageId Cid(int n, byte series = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes[0] = series;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], n);
        return new ClientMessageId(new Guid(bytes));
    }

    [Fact]
    public void Should_stay_small_and_never_forget_through_a_million_ids()
    {
        var filter = new CidFilter();
        for (var n = 0; n < 1_000_000; n++)
        {
            filter.Add(Sender, Cid(n));
            if (n % 997 == 0)
                Assert.InRange(filter.Bytes, 0, MaxBytes);
        }

        for (var n = 0; n < 1_000_000; n++)
            Assert.True(filter.MayContain(Sender, Cid(n)), $"id {n} was forgotten");
        Assert.InRange(filter.ToBytes().Length, 5, MaxBytes);
    }

    /// <summary>Each "maybe" costs a look into the database.</summary>
    [Fact]
    public void Should_rarely_say_maybe_to_a_new_id_before_it_is_full()
    {
        var filter = new CidFilter();
        for (var n = 0; n < CidFilter.Capacity; n++)
            filter.Add(Sender, Cid(n));
        Assert.False(filter.Saturated);

        var wrong = Enumerable.Range(0, 100_000).Count(n => filter.MayContain(Sender, Cid(n, series: 1)));

        Assert.InRange(wrong, 0, 2_000 - 1);
    }

    [Fact]
    public void Should_answer_the_same_after_bytes_and_back() =>
        Gen.Select(Gen.Int[0, 6_000], Gen.Int[0, 2_000])
            .Sample(
                (before, after) =>
                {
                    var filter = new CidFilter();
                    for (var n = 0; n < before; n++)
                        filter.Add(Sender, Cid(n));
                    var copy = CidFilter.FromBytes(filter.ToBytes());
                    for (var n = before; n < before + after; n++)
                    {
                        filter.Add(Sender, Cid(n));
                        copy.Add(Sender, Cid(n));
                    }
                    Assert.Equal(filter.ToBytes(), copy.ToBytes());
                    Assert.Equal(filter.Saturated, copy.Saturated);
                    for (var n = 0; n < before + after; n++)
                        Assert.True(copy.MayContain(Sender, Cid(n)));
                },
                iter: 20
            );

    [Fact]
    public void Should_stay_saturated_after_bytes_and_back()
    {
        var filter = new CidFilter();
        for (var n = 0; n <= CidFilter.Capacity; n++)
            filter.Add(Sender, Cid(n));

        var copy = CidFilter.FromBytes(filter.ToBytes());

        Assert.True(copy.Saturated && copy.MayContain(Sender, Cid(1, series: 9)));
    }

    [Fact]
    public void Should_refuse_bytes_that_are_not_a_filter()
    {
        Assert.Throws<FormatException>(() => CidFilter.FromBytes([1, 2]));
        Assert.Throws<FormatException>(() => CidFilter.FromBytes(new byte[100]));
    }
}
