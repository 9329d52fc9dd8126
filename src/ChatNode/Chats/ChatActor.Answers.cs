using Akka.Actor;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Chats;

/// <summary>Questions, and what is told without being journaled: typing, runs under way.</summary>
public sealed partial class ChatActor
{
    // Worked out at once and sent when all that it may rest on is written.
    private void Answer(IToChat query)
    {
        var sender = Sender;
        object? answer = query switch
        {
            ChatProtocol.GetChat q => Found(
                q.By,
                q.Correlation,
                m => new ChatProtocol.ChatFound(
                    q.Correlation,
                    ChatViews.ViewOf(_chat, _state, m, q.WithMembers, LastSequenceNr)
                )
            ),
            ChatProtocol.GetHistory q => Found(
                q.By,
                q.Correlation,
                m => ChatViews.HistoryOf(_state, m, q, LastSequenceNr)
            ),
            ChatProtocol.GetEvents q => (object?)ChatViews.EventsOf(_chat, _state, q, LastSequenceNr)
                ?? NotFound(q.Correlation),
            ChatProtocol.GetSummary q => Found(
                q.By,
                q.Correlation,
                m =>
                    ChatViews.SummaryOf(_state, m) is { } summary
                        ? new ChatProtocol.SummaryFound(q.Correlation, summary, _state.Unsummarized)
                        : null
            ),
            ChatProtocol.GetRun q => Found(q.By, q.Correlation, _ => RunFor(q)),
            AiProtocol.GetContext q => ContextFor(q),
            _ => null,
        };
        if (answer is not null)
            DeferAsync(answer, _ => sender.Tell(answer));
        else
            Notice(query);
    }

    private void Notice(IToChat message)
    {
        switch (message)
        {
            case ChatProtocol.SetTyping typing
                when _state.MemberOrNull(typing.By) is not null && !_state.IsBlocked(typing.By):
                TellPeople(
                    ChatEffects.People(_state).Where(user => user != typing.By),
                    new Notices.Typing(_chat, typing.By, typing.On)
                );
                break;
            case AiProtocol.RunStarted started when _state.Runs.TryGetValue(started.Run, out var run):
                _texts.Start(run.Run);
                if (run.Kind != AiRunKind.Rolling)
                    TellPeople(
                        ChatEffects.Audience(_state, run),
                        new Notices.AiStarted(_chat, run.Run, run.By, run.Kind)
                    );
                break;
            case AiProtocol.RunProgressed piece when _state.Runs.TryGetValue(piece.Run, out var run):
                if (_texts.Append(piece.Run, piece.Off, piece.Text) && run.Kind != AiRunKind.Rolling)
                    TellPeople(
                        ChatEffects.Audience(_state, run),
                        new Notices.AiDelta(_chat, piece.Run, piece.Off, piece.Text)
                    );
                break;
            case AiProtocol.RunRefused refused:
                var reason = $"The assistant is busy: {refused.QueueLength} requests wait.";
                Fail(refused.Run, new Rejection(ErrorCode.AiBusy, reason));
                break;
            case AiProtocol.RunDenied denied:
                Fail(denied.Run, denied.Reason);
                break;
            case AiProtocol.RunGranted granted when _state.Runs.TryGetValue(granted.Run, out var run):
                _with.Queue.Tell(new AiProtocol.OfferRun(_chat, run), Self);
                break;
            case ChatProtocol.Wake:
                OfferPendingRuns();
                break;
        }
    }

    private object ContextFor(AiProtocol.GetContext query)
    {
        if (ChatViews.ContextOf(_chat, _state, query.Run, query.Lines, LastSequenceNr) is not { } context)
            return new AiProtocol.Gone(query.Run);
        // A summary may rest on any message before.
        _texts.Give(query.Run, context.Summary is null ? context.Run.FromSeq : 1);
        return context;
    }

    /// <summary>No word of an answer under way outlives the message that it may have it from.</summary>
    private List<RunId> ForgetTexts(IReadOnlyList<IChatEvent> events) =>
        [
            .. events
                .Select(e => e is ChatEvents.MessageEdited m ? m.Target : (e as ChatEvents.MessageDeleted)?.Target)
                .OfType<long>()
                .SelectMany(_texts.Forget)
                .Distinct(),
        ];

    // A repeated start tells clients to drop what they show.
    private void BeginAnew(List<RunId> runs)
    {
        foreach (var id in runs)
            if (_state.Runs.TryGetValue(id, out var run) && run.Kind != AiRunKind.Rolling)
                TellPeople(ChatEffects.Audience(_state, run), new Notices.AiStarted(_chat, run.Run, run.By, run.Kind));
    }

    private void TellPeople(IEnumerable<UserId> users, INotice notice)
    {
        var delivery = new Delivery(notice);
        foreach (var user in users)
            _with.Users.Tell(new UserProtocol.Deliver(user, delivery), Self);
    }

    private void OfferPendingRuns()
    {
        foreach (var run in _state.Runs.Values)
            Offer(run);
    }

    // The message that asked is journaled, answered and delivered by now: what the asker's quota takes delays only the run.
    private void Offer(PendingRun run)
    {
        if (run.By.IsAssistant || _with.Quotas.OfUser.IsOff)
            _with.Queue.Tell(new AiProtocol.OfferRun(_chat, run), Self);
        else
            _with.Users.Tell(new UserProtocol.ReserveRun(run.By, _chat, run.Run), Self);
    }

    private void Fail(RunId run, Rejection reason) =>
        Enqueue(
            new Pending(
                new ChatProtocol.Execute(_chat, new ChatCommands.FailRun(run, reason.Code, reason.Message), 0),
                ActorRefs.Nobody
            )
        );

    private object Found(UserId by, long correlation, Func<Member, object?> answer) =>
        _state.MemberOrNull(by) is { } member ? answer(member) ?? NotFound(correlation) : NotFound(correlation);

    private ChatProtocol.Refused NotFound(long correlation) =>
        new(
            _chat,
            correlation,
            new Rejection(ErrorCode.NotFound, "There is no such chat, or not what was asked of it.")
        );

    private ChatProtocol.RunFound? RunFor(ChatProtocol.GetRun query)
    {
        if (!_state.Runs.TryGetValue(query.Run, out var run) || run.Kind == AiRunKind.Rolling)
            return null;
        if (run.Private && run.By != query.By)
            return null;
        var status = _texts.IsRunning(run.Run) ? AiRunStatus.Running : AiRunStatus.Queued;
        return new ChatProtocol.RunFound(query.Correlation, run, status, _texts.TextOf(run.Run));
    }
}
