using System.Text.Json;
using Akka.Actor;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Sessions;

public sealed partial class SessionActor
{
    private static readonly Rejection TooManyInFlight = new(
        ErrorCode.RateLimited,
        $"At most {Limits.InFlight} requests may be unanswered.",
        100
    );

    private DirectLines? _lines;
    private TokenBucket? _typing;

    private void Take(ClientFrame frame)
    {
        if (_closing)
            return;
        NodeMetrics.FrameReceived(frame);
        if (_state != SessionState.Ready)
        {
            TakeFirst(frame);
            return;
        }
        switch (frame)
        {
            case ClientFrame.Request { Id: { } id } when _pending.Uses(id):
                TakeBad(id, new Rejection(ErrorCode.BadRequest, "This 'id' is in use by an unanswered request."));
                break;
            case ClientFrame.Request request:
                _strikes.GoodFrame();
                TakeRequest(request);
                break;
            case ClientFrame.Refused refused:
                _strikes.GoodFrame();
                AnswerError(refused.Id, refused.Rejection);
                Next();
                break;
            case ClientFrame.Bad bad:
                TakeBad(bad.Id, bad.Rejection);
                break;
            case ClientFrame.Fatal fatal:
                Close(fatal.Code, fatal.Reason);
                break;
            default:
                Next();
                break;
        }
    }

    private void TakeBad(long? id, Rejection rejection)
    {
        AnswerError(id, rejection);
        if (_strikes.BadFrame())
            Close(CloseCodes.BadFrame, $"{Strikes.BadFrames} bad frames in a row: {rejection.Message}");
        else
            Next();
    }

    private void TakeRequest(ClientFrame.Request request)
    {
        if (!_pending.IsFull)
        {
            Handle(request);
            Next();
        }
        else if (request.Id is null)
            // Nobody could be told of a refusal, so it waits, and with it all that the client sends after it.
            _heldBack = request;
        else if (RefuseForRate(request.Id, TooManyInFlight))
            Next();
    }

    /// <summary>False when that was one refusal too many.</summary>
    private bool RefuseForRate(long? id, Rejection rejection)
    {
        AnswerError(id, rejection);
        if (!_strikes.Refused(Now))
            return true;
        Close(CloseCodes.Rate, "The client does not heed rate_limited.");
        return false;
    }

    private void Handle(ClientFrame.Request request)
    {
        var user = _user!.User;
        if (IsWrite(request.Body) && _with.Rates.Check(user) is { } tooFast)
        {
            if (request.Body is ClientRequest.SendMessage)
                NodeMetrics.MessageRejected(tooFast.Code);
            RefuseForRate(request.Id, tooFast);
            return;
        }
        if (request.Body is ClientRequest.Search && _with.Rates.CheckSearch(user) is { } tooOften)
        {
            RefuseForRate(request.Id, tooOften);
            return;
        }
        if (request.Body is ClientRequest.SendMessage && _with.Admission.TryEnter() is { } tooMuch)
        {
            // Not this client's fault: no strike.
            NodeMetrics.MessageRejected(tooMuch.Code);
            AnswerError(request.Id, tooMuch);
            return;
        }
        switch (request.Body)
        {
            case ClientRequest.SendMessage { Attachments.Count: > 0 } send:
                // Its files are claimed first, which is not done in the actor.
                var files = new ChatCommands.SendMessage(user, send.Cid, send.Text, send.ReplyTo)
                {
                    AttachmentIds = send.Attachments,
                };
                Run(
                    request.Id,
                    _with.Attachments.SendToAsync(send.Chat, send.To, files),
                    static (w, sent) => ChatJson.WriteSent(w, sent.Chat, sent.Sent),
                    isAdmitted: true
                );
                break;
            case ClientRequest.SendMessage send:
                HandleSend(request.Id, send, new ChatCommands.SendMessage(user, send.Cid, send.Text, send.ReplyTo));
                break;
            case ClientRequest.Acknowledge ack:
                Execute(request.Id, ack.Chat, new ChatCommands.Acknowledge(user, ack.Recv, ack.Read));
                break;
            case ClientRequest.SetTyping typing:
                // Faster typing than anyone can show is dropped.
                _typing ??= new TokenBucket(5, 10, _with.Time);
                if (_typing.TryTake() == 0)
                    _with.Chats.Tell(new ChatProtocol.SetTyping(typing.Chat, user, typing.On));
                Answer(request.Id, 0, static (re, _) => ServerFrames.Done(re));
                break;
            case ClientRequest.RefreshToken refresh:
                HandleRefresh(request.Id, refresh);
                break;
            case ClientRequest.Hello:
                AnswerError(request.Id, new Rejection(ErrorCode.BadRequest, "This socket has said hello."));
                break;
            default:
                Operate(request.Id, user, request.Body);
                break;
        }
    }

    private static bool IsWrite(ClientRequest request) =>
        request
            is ClientRequest.SendMessage
                or ClientRequest.EditMessage
                or ClientRequest.DeleteMessage
                or ClientRequest.ReactToMessage
                or ClientRequest.CreateChat
                or ClientRequest.SetChat
                or ClientRequest.AddMembers
                or ClientRequest.RemoveMember
                or ClientRequest.ChangeRole
                or ClientRequest.SetPrivacy
                or ClientRequest.AskAssistant
                or ClientRequest.RegenerateRun;

    private long Begin(long? id) => _pending.Add(new PendingRequest(id, null, Now + SessionTimes.Answer));

    private long BeginSend(long? id, UserId? to = null) =>
        _pending.Add(new PendingRequest(id, to, Now + SessionTimes.Answer, IsAdmitted: true));

    private void Execute(long? id, ChatId chat, IChatCommand command) =>
        _with.Chats.Tell(new ChatProtocol.Execute(chat, command, Begin(id)));

    private void ExecuteTraced(long? id, ChatId chat, ChatCommands.SendMessage command)
    {
        var correlation = BeginSend(id);
        var span = Tracing.Begin("frame.receive").About(chat);
        if (span is not null)
            (_spans ??= []).Add(correlation, span);
        _with.Chats.Tell(new ChatProtocol.Execute(chat, command, correlation) { Trace = span?.Id });
    }

    private void HandleSend(long? id, ClientRequest.SendMessage send, ChatCommands.SendMessage command)
    {
        if (send.Chat is { } chat)
        {
            ExecuteTraced(id, chat, command);
            return;
        }
        var to = send.To!.Value;
        _lines ??= new DirectLines();
        if (_lines.TryGet(to, out var known))
        {
            ExecuteTraced(id, known, command);
            return;
        }
        var correlation = BeginSend(id, to);
        if (_lines.Wait(to, new DirectLines.Send(correlation, command)))
            _with.Users.Tell(DirectChat.Open(command.By, to, correlation));
    }

    private void SendWaiting(long correlation, ChatId chat)
    {
        if (!_pending.TryGet(correlation, out var first) || first.To is not { } to)
            return;
        foreach (var send in _lines!.Opened(to, chat))
            _with.Chats.Tell(new ChatProtocol.Execute(chat, send.Command, send.Correlation));
    }

    private void RefuseWaiting(long correlation, Rejection rejection)
    {
        if (!_pending.TryGet(correlation, out var request))
            return;
        // Where the chat is known already, this one alone has failed.
        var line = request.To is { } to && !_lines!.TryGet(to, out _) ? _lines.Failed(to) : [];
        Refuse(correlation, rejection);
        foreach (var send in line)
            Refuse(send.Correlation, rejection);
    }

    private void Run<T>(long? id, Task<Outcome<T>> work, Action<Utf8JsonWriter, T> write, bool isAdmitted = false)
        where T : notnull
    {
        var correlation = _pending.Add(new PendingRequest(id, null, null, isAdmitted));
        _ = work.PipeTo(
            Self,
            success: outcome => new Answered(
                correlation,
                id is not { } re ? []
                    : outcome.IsOk ? ServerFrames.Ok(re, outcome.Value, write)
                    : ServerFrames.Err(re, outcome.Rejection)
            ),
            failure: cause => new Failed(correlation, cause)
        );
    }

    private void Operate(long? id, UserId user, ClientRequest request)
    {
        var operations = _with.Operations;
        switch (request)
        {
            case ClientRequest.CreateChat r:
                Run(id, operations.CreateAsync(user, r.Type, r.Members, r.Title), ChatJson.WriteChat);
                break;
            case ClientRequest.GetChat r:
                Run(id, operations.GetAsync(user, r.Chat), ChatJson.WriteChat);
                break;
            case ClientRequest.ListChats r:
                Run(id, operations.ListAsync(user, r.Limit, r.Before), ChatJson.WriteChats);
                break;
            case ClientRequest.SetChat r:
                var set = new ChatCommands.SetChat(
                    user,
                    r.Title,
                    r.AiEnabled,
                    r.Muted,
                    r.Archived,
                    r.Pinned,
                    r.AiSummon,
                    r.AiUnasked
                );
                Run(id, operations.SetAsync(r.Chat, set), ChatJson.WriteChat);
                break;
            case ClientRequest.AddMembers r:
                Run(id, operations.AddMembersAsync(user, r.Chat, r.Users), ChatJson.WriteNumbered);
                break;
            case ClientRequest.RemoveMember r:
                Change(id, r.Chat, new ChatCommands.RemoveMember(user, r.User));
                break;
            case ClientRequest.ChangeRole r:
                Change(id, r.Chat, new ChatCommands.ChangeRole(user, r.User, r.Role));
                break;
            case ClientRequest.EditMessage r:
                Change(id, r.Chat, new ChatCommands.EditMessage(user, r.Seq, r.Text));
                break;
            case ClientRequest.DeleteMessage r:
                Change(id, r.Chat, new ChatCommands.DeleteMessage(user, r.Seq));
                break;
            case ClientRequest.ReactToMessage r:
                Change(id, r.Chat, new ChatCommands.ReactToMessage(user, r.Seq, r.Emoji));
                break;
            case ClientRequest.GetHistory r:
                Run(id, operations.HistoryAsync(user, r.Chat, r.Before, r.After, r.Limit), ChatJson.WriteMessages);
                break;
            case ClientRequest.Sync r:
                Run(id, operations.SyncAsync(user, r.Chat, r.After, r.Limit), ChatJson.WriteEvents);
                break;
            case ClientRequest.Search r:
                Run(id, _with.Search.FindAsync(user, r.Text, r.Chat, r.Limit, r.Before), SearchJson.Write);
                break;
            case ClientRequest.GetPresence r:
                Run(id, operations.PresenceAsync(user, r.Users), ChatJson.WritePresence);
                break;
            case ClientRequest.SetPrivacy r:
                Run(id, operations.SetPrivacyAsync(user, r.LastSeen), ChatJson.WritePrivacy);
                break;
            case ClientRequest.AskAssistant r:
                Run(id, operations.AskAsync(user, r.Chat, r.Kind, r.Prompt, r.Private), AiJson.WriteStarted);
                break;
            case ClientRequest.RegenerateRun r:
                Run(id, operations.RegenerateAsync(user, r.Run), AiJson.WriteStarted);
                break;
            case ClientRequest.CancelRun r:
                Run(id, operations.CancelAsync(user, r.Run), ChatJson.WriteNothing);
                break;
            case ClientRequest.Snapshot r:
                Run(id, operations.RunAsync(user, r.Run), AiJson.WriteSnapshot);
                break;
            default:
                throw new InvalidOperationException($"No session knows the request {request.GetType().Name}.");
        }
    }

    private void Change(long? id, ChatId chat, IChatCommand command) =>
        Run(id, _with.Operations.ChangeAsync(chat, command), ChatJson.WriteNumbered);
}
