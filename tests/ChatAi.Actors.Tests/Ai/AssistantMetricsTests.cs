using System.Diagnostics.Metrics;
using ChatAi.ChatNode.Ai;
using Microsoft.Extensions.AI;

namespace ChatAi.Actors.Tests.Ai;

public sealed class AssistantMetricsTests
{
    [Fact]
    public void Should_count_tokens_by_provider()
    {
        const string provider = "provider-of-this-test";
        var counted = new List<(object? Kind, long Count)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == AssistantMetrics.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, count, tags, _) =>
            {
                if (instrument.Name == "chatai.assistant.tokens" && tags is [{ Value: provider }, { Key: "kind" } kind])
                    counted.Add((kind.Value, count));
            }
        );
        listener.Start();

        AssistantMetrics.Tokens(
            provider,
            new UsageDetails
            {
                InputTokenCount = 100,
                CachedInputTokenCount = 80,
                OutputTokenCount = 7,
            }
        );

        (object?, long)[] expected = [("prompt", 100), ("cached", 80), ("answer", 7)];
        Assert.Equal(expected, counted);
    }
}
