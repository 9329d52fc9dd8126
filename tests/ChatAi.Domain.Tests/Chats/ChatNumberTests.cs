using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatNumberTests
{
    [Fact]
    public void Should_number_durable_events_without_gaps() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var numbers = world.Log.OfType<INumberedChatEvent>().Select(e => e.Seq).ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
            Assert.Equal(numbers.Count, world.State.Head);
        });

    [Fact]
    public void Should_answer_with_the_numbers_it_wrote() =>
        ChatSteps.Story.Each(
            (world, _, decision) =>
            {
                if (decision is not Decision.Accepted { Events.Count: > 0 } accepted)
                    return;
                // The assistant's answers may lose a quote with the message: that follows, and is not what was asked.
                var events = accepted.Events.OfType<INumberedChatEvent>().ToList();
                var asked =
                    events.LastOrDefault(e => e is not ChatEvents.MessageEdited { By.IsAssistant: true })
                    // An edit that the assistant itself was made to ask for comes first.
                    ?? events.FirstOrDefault();
                var last = asked?.Seq;
                if (accepted.Answer is ChatAnswer.Numbered numbered)
                    Assert.Equal(last, numbered.Seq);
                if (accepted.Answer is ChatAnswer.Sent sent)
                    Assert.Equal((last, false), (sent.Seq, sent.Duplicate));
            }
        );

    [Fact]
    public void Should_keep_the_last_message_for_lists() =>
        ChatSteps.Story.Each(
            (world, _, _) =>
            {
                Assert.Equal(world.History.Messages.Count, world.State.Messages);
                if (world.History.Messages.LastOrDefault() is not { } last)
                    return;
                Assert.Equal((last.Seq, last.At), (world.State.LastMessageSeq, world.State.LastMessageAt));
                Assert.Equal(Preview.Of(last.Text), world.State.LastMessagePreview);
            }
        );
}
