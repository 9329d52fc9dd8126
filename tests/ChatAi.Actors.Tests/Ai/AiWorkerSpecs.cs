using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Work;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai;

public sealed class AiWorkerSpecs : TestKit
{
    private readonly FakeAssistant _assistant = new();
    private readonly FakeReader _reader = new();
    private readonly TestProbe _chats;
    private readonly TestProbe _queue;

    public AiWorkerSpecs()
        : base($"{AiSamples.Config}\n{AiThreads.DefaultConfig}")
    {
        (_chats, _queue) = (CreateTestProbe("chats"), CreateTestProbe("queue"));
        _reader.Names[User(1)] = "Ann";
    }

    private static AiWorkerSettings Settings =>
        new(TimeSpan.FromSeconds(30)) { RetryFirst = TimeSpan.FromMilliseconds(50), Tries = 100 };

    private IActorRef Worker(
        AiWorkerSettings? settings = null,
        IAssistant? fallback = null,
        IAssistant? assistant = null
    )
    {
        settings ??= Settings;
        var maker = new AnswerMaker(
            assistant ?? _assistant,
            fallback,
            new ContextReader(_reader, (_, _) => Task.FromResult<string?>(null), settings.EarlierLines),
            settings,
            TimeProvider.System,
            NullLogger<AnswerMaker>.Instance
        );
        var pool = Sys.ActorOf(AiWorker.Pool(1, _chats, maker, settings, TimeProvider.System));
        pool.Tell(new Broadcast(new AiWorker.UseQueue(_queue)));
        return pool;
    }

    /// <summary>Hands a run to the worker and its chat's messages after that.</summary>
    private IActorRef Assign(PendingRun run, IReadOnlyList<ChatMessage>? lines = null)
    {
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        var worker = _queue.LastSender;
        worker.Tell(new AiQueueProtocol.AssignRun(Chat(1), run, ready.Request), _queue);
        _chats.ExpectMsg<AiProtocol.GetContext>(g => g.Chat == Chat(1) && g.Run == run.Run);
        _chats.Reply(Context(run, lines ?? Talk));
        return worker;
    }

    private ChatProtocol.Execute ExpectEnd() =>
        (ChatProtocol.Execute)_chats.FishForMessage(m => m is ChatProtocol.Execute);

    private ChatCommands.CompleteRun ExpectCompleted() => Assert.IsType<ChatCommands.CompleteRun>(ExpectEnd().Command);

    private void Accept(ChatProtocol.Execute end, ChatAnswer? answer = null) =>
        _chats.Reply(new ChatProtocol.Executed(Chat(1), end.Correlation, answer ?? ChatAnswer.Done.Instance, null));

    private RunId ExpectRunEnded() =>
        ((AiQueueProtocol.RunEnded)_queue.FishForMessage(m => m is AiQueueProtocol.RunEnded)).Run;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_have_the_provider_forget_a_chat_busy_or_not(bool busy)
    {
        Worker();
        var worker = busy ? Assign(Pending(1)) : null;
        if (worker is null)
        {
            _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
            worker = _queue.LastSender;
        }
        worker.Tell(new AiProtocol.ForgetChat(Chat(3)), _queue);
        AwaitAssert(() =>
        {
            lock (_assistant.Forgotten)
                Assert.Equal([Chat(3)], _assistant.Forgotten);
        });
    }

    [Fact]
    public void Should_pull_read_answer_hand_in_and_pull_again()
    {
        Worker();
        Assign(Pending(1));
        _chats.ExpectMsg<AiProtocol.RunStarted>(s => s.Run == Run(1));
        _assistant.Say("On Friday");
        _assistant.Finish("On Friday.", 1);
        var end = ExpectEnd();
        var completed = Assert.IsType<ChatCommands.CompleteRun>(end.Command);
        Assert.Equal((Run(1), "On Friday.", 7L), (completed.Run, completed.Text, completed.ContextVersion));
        Assert.Equal([1L], completed.Cites);
        Assert.Null(completed.Rolling);
        var p = completed.Provenance;
        Assert.Equal(
            ("fake", "model-1", "p1", 0L, 1L, 3L, 11, 22),
            (p.Provider, p.Model, p.PromptVersion, p.SummaryVersion, p.FirstSeq, p.LastSeq, p.TokensIn, p.TokensOut)
        );
        Assert.NotNull(p.FirstTokenAt);
        Accept(end);
        Assert.Equal(Run(1), ExpectRunEnded());
        _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        var request = Assert.Single(_assistant.Requests);
        Assert.Equal("Ann", request.AskerName);
        Assert.Equal(["Ann", "user-00000002", "Ann"], request.Lines.Select(l => l.SenderName));
    }

    [Fact]
    public void Should_send_deltas_whose_offsets_join_to_the_text()
    {
        Worker(Settings with { DeltaEvery = TimeSpan.FromMilliseconds(30) });
        Assign(Pending(1));
        _chats.ExpectMsg<AiProtocol.RunStarted>();
        const string text = "One 🦊 two 👩‍🚀 three, and the end of it.";
        var soFar = "";
        foreach (var unit in text)
        {
            _assistant.Say(unit.ToString());
            if (unit is not (' ' or ','))
                continue;
            Hear(1);
        }
        _assistant.Finish(text);
        while (soFar != text)
            Hear(1);
        Assert.Equal(text, ExpectCompleted().Text);

        void Hear(int atLeast)
        {
            for (var i = 0; i < atLeast; i++)
            {
                var delta = _chats.ExpectMsg<AiProtocol.RunProgressed>();
                Assert.Equal(soFar.Length, delta.Off);
                Assert.True(TextRules.IsStorable(delta.Text));
                soFar += delta.Text;
                Assert.StartsWith(soFar, text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Should_end_without_answering_when_the_run_is_gone()
    {
        Worker();
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1), ready.Request));
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.Reply(new AiProtocol.Gone(Run(1)));
        Assert.Equal(Run(1), ExpectRunEnded());
        Assert.Empty(_assistant.Requests);
    }

    [Fact]
    public void Should_ask_and_hand_in_again_until_the_chat_answers()
    {
        Worker();
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1), ready.Request));
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.Reply(Context(Pending(1), Talk));
        _assistant.Finish("Yes.");
        var first = ExpectEnd();
        var again = ExpectEnd();
        Assert.Equal(first, again);
        _chats.Reply(new ChatProtocol.Refused(Chat(1), first.Correlation, new(ErrorCode.ShardUnavailable, "…")));
        Accept(ExpectEnd());
        Assert.Equal(Run(1), ExpectRunEnded());
    }

    [Fact]
    public void Should_answer_anew_when_the_words_changed_meanwhile()
    {
        Worker();
        Assign(Pending(1));
        _assistant.Finish("From old words.");
        Accept(ExpectEnd(), new ChatAnswer.RunAgain(Run(1)));
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.Reply(Context(Pending(1), Talk, contextVersion: 8));
        _assistant.Finish("From new words.");
        var completed = ExpectCompleted();
        Assert.Equal(("From new words.", 8L), (completed.Text, completed.ContextVersion));
    }

    [Fact]
    public void Should_stop_the_model_when_cancelled_and_hand_in_nothing()
    {
        Worker();
        var worker = Assign(Pending(1));
        _assistant.Say("I was about to");
        _chats.FishForMessage(m => m is AiProtocol.RunProgressed);
        worker.Tell(new AiQueueProtocol.StopRun(Run(2)), _queue);
        worker.Tell(new AiQueueProtocol.StopRun(Run(1)), _queue);
        AwaitCondition(() => _assistant.Stopped.IsCompleted);
        Assert.Equal(Run(1), ExpectRunEnded());
        _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _chats.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_keep_what_arrived_when_the_model_falls_silent()
    {
        Worker(Settings with { NoProgress = TimeSpan.FromMilliseconds(300) }, new ExtractiveProvider());
        Assign(Pending(1));
        _assistant.Say("Half an answer");
        var completed = ExpectCompleted();
        Assert.Equal(("Half an answer", "fake"), (completed.Text, completed.Provenance.Provider));
    }

    [Fact]
    public void Should_fail_when_the_model_says_nothing_and_there_is_no_fallback()
    {
        Worker(Settings with { NoProgress = TimeSpan.FromMilliseconds(50) });
        Assign(Pending(1));
        var failed = Assert.IsType<ChatCommands.FailRun>(ExpectEnd().Command);
        Assert.Equal((Run(1), ErrorCode.Internal), (failed.Run, failed.Code));
    }

    [Fact]
    public void Should_quote_and_say_so_when_the_model_fails()
    {
        Worker(fallback: new ExtractiveProvider());
        Assign(Pending(1, kind: AiRunKind.Summarize));
        _assistant.Fail(new IOException("The line went dead."));
        var completed = ExpectCompleted();
        Assert.Equal("extractive (fallback of fake)", completed.Provenance.Provider);
        Assert.NotEmpty(completed.Cites);
        Assert.Contains("The release is on Friday at noon.", completed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_that_there_is_no_assistant()
    {
        Worker(assistant: new NoAssistant());
        Assign(Pending(1));
        Assert.Equal(ErrorCode.AiDisabled, Assert.IsType<ChatCommands.FailRun>(ExpectEnd().Command).Code);
    }

    [Fact]
    public void Should_read_earlier_messages_newest_kept_and_deleted_ones_left_out()
    {
        for (var seq = 1; seq <= 30; seq++)
            _reader.Messages.Add(Message(seq, 1, $"Line {seq}") with { Deleted = seq == 25 });
        Worker(Settings with { EarlierLines = 10 });
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1, kind: AiRunKind.CatchUp), ready.Request));
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.Reply(Context(Pending(1, kind: AiRunKind.CatchUp), [Message(31, 1, "Line 31")], earlierFrom: 5));
        _assistant.Finish("All of it.");
        ExpectCompleted();
        Assert.Equal(new RestOfPage(5, 30, 10, true, 99), Assert.Single(_reader.Pages));
        var seqs = Assert.Single(_assistant.Requests).Lines.Select(l => l.Seq);
        Assert.Equal([21L, 22, 23, 24, 26, 27, 28, 29, 30, 31], seqs);
    }

    [Fact]
    public void Should_look_a_reply_up_in_earlier_messages_as_far_as_wanted_and_visible()
    {
        for (var seq = 1; seq <= 200; seq++)
            _reader.Messages.Add(Message(seq, 1, $"Line {seq}"));
        Worker();
        var run = Pending(1) with { FromSeq = 180 };
        Assign(run, [Message(201, 1, "Line 201"), Message(202, 1, "Line 202")]);
        _assistant.Finish("Found.");
        ExpectCompleted();
        Assert.Equal(new RestOfPage(180, 200, 48, true, 99), Assert.Single(_reader.Pages));
    }

    [Fact]
    public void Should_fold_a_rolling_summary_that_says_what_it_covers()
    {
        for (var seq = 1; seq <= 110; seq++)
            _reader.Messages.Add(
                Message(seq, 1, $"Line {seq}: the {(char)('a' + seq % 26)}-ladder is ready and tested.")
            );
        Worker();
        var run = Pending(1, kind: AiRunKind.Rolling);
        Assign(run, _reader.Messages);
        var completed = ExpectCompleted();
        Assert.Empty(_assistant.Requests);
        Assert.Equal("extractive", completed.Provenance.Provider);
        var range = completed.Rolling!;
        Assert.Equal((1L, 96L, _reader.Messages[95].Id), (range.FromSeq, range.LatestSeq, range.LatestMessage));
        Assert.NotEmpty(completed.Cites);
        Assert.All(completed.Cites, cite => Assert.InRange(cite, 1, 96));
        Assert.Equal([(0, 1L), (0, 49L)], completed.Blocks.Select(b => (b.Level, b.First)));
    }

    [Fact]
    public void Should_catch_up_from_blocks_that_others_made_and_read_no_more_of_them_than_they_quote()
    {
        for (var seq = 1; seq <= 1_000; seq++)
            _reader.Messages.Add(
                Message(seq, 1, $"Line {seq}: the {(char)('a' + seq % 26)}-ladder is ready and tested.")
            );
        Worker();
        var first = CatchUp();
        Assert.Equal(20 + 2, first.Blocks.Count);
        _reader.Blocks.AddRange(first.Blocks);
        _reader.Pages.Clear();

        var second = CatchUp();

        Assert.Empty(second.Blocks);
        // Nothing but what lies between the last whole block and memory.
        Assert.Equal(new RestOfPage(961, 990, 48, false, 99), Assert.Single(_reader.Pages));
        var (one, other) = (_assistant.Requests[0].Lines, _assistant.Requests[1].Lines);
        Assert.Equal(one.Select(l => l.Seq), other.Select(l => l.Seq));
        Assert.InRange(other.Count, 40, 200);

        ChatCommands.CompleteRun CatchUp()
        {
            var run = Pending(_assistant.Requests.Count + 1, kind: AiRunKind.CatchUp);
            var ready = (AiQueueProtocol.ReadyForWork)_queue.FishForMessage(m => m is AiQueueProtocol.ReadyForWork);
            _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), run, ready.Request));
            _chats.FishForMessage(m => m is AiProtocol.GetContext);
            _chats.Reply(Context(run, [.. _reader.Messages.Skip(990)], earlierFrom: 1));
            _assistant.Finish("All of it.");
            var end = ExpectEnd();
            Accept(end);
            return Assert.IsType<ChatCommands.CompleteRun>(end.Command);
        }
    }

    [Fact]
    public void Should_fail_visibly_when_the_read_tables_are_behind()
    {
        _reader.Failure = new TimeoutException();
        Worker();
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1, kind: AiRunKind.CatchUp), ready.Request));
        _chats.ExpectMsg<AiProtocol.GetContext>();
        _chats.Reply(Context(Pending(1, kind: AiRunKind.CatchUp), [Message(31, 1, "Line 31")], earlierFrom: 1));
        Assert.Equal(ErrorCode.Timeout, Assert.IsType<ChatCommands.FailRun>(ExpectEnd().Command).Code);
    }

    [Fact]
    public void Should_know_its_queue_again_after_a_restart_and_ask_with_a_new_number()
    {
        Worker();
        var ready = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        _assistant.IsBroken = true;
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1), ready.Request));
        var again = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        // Higher than the one after the assignment: the queue sees that the run is to be had again.
        Assert.True(again.Request > ready.Request + 1);
    }

    [Fact]
    public void Should_beat_while_busy_and_ask_again_while_idle()
    {
        Worker(
            Settings with
            {
                HeartbeatEvery = TimeSpan.FromMilliseconds(20),
                ReadyEvery = TimeSpan.FromMilliseconds(20),
            }
        );
        var first = _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>();
        Assert.Equal(first, _queue.ExpectMsg<AiQueueProtocol.ReadyForWork>());
        _queue.Reply(new AiQueueProtocol.AssignRun(Chat(1), Pending(1), first.Request));
        _queue.FishForMessage(m => m is AiQueueProtocol.RunHeartbeat beat && beat.Run.Run == Run(1));
    }
}
