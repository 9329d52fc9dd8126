using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Sessions;

public enum SessionState
{
    /// <summary>Nothing but <c>hello</c> may come.</summary>
    New,

    /// <summary>The user's entity is being asked, then the chats to resume. No further frame is read.</summary>
    Attaching,
    Ready,
}

public sealed partial class SessionActor
{
    // Most sessions never need one of their own.
    private static readonly Dictionary<ChatId, long> NoHeads = [];

    private SessionState _state = SessionState.New;
    private TokenInfo? _user;
    private ClientFrame.Request? _hello;
    private long _attaching;
    private IActorRef _entity = ActorRefs.Nobody;
    private DateTimeOffset? _detachedAt;
    private Dictionary<ChatId, long> _toldHeads = NoHeads;

    private void TakeFirst(ClientFrame frame)
    {
        switch (frame)
        {
            case ClientFrame.Request { Body: ClientRequest.Hello hello } request when _state == SessionState.New:
                _hello = request;
                Authenticate(request.Id, hello);
                break;
            case ClientFrame.Request request:
                AnswerError(request.Id, new Rejection(ErrorCode.Unauthenticated, "Say hello first."));
                Close(CloseCodes.BadFrame, "hello must come first.");
                break;
            case ClientFrame.Refused refused:
                AnswerError(refused.Id, refused.Rejection);
                Close(CloseCodes.BadFrame, refused.Rejection.Message);
                break;
            case ClientFrame.Bad bad:
                AnswerError(bad.Id, bad.Rejection);
                Close(CloseCodes.BadFrame, bad.Rejection.Message);
                break;
            case ClientFrame.Fatal fatal:
                Close(fatal.Code, fatal.Reason);
                break;
            default:
                Next();
                break;
        }
    }

    private void Authenticate(long? id, ClientRequest.Hello hello)
    {
        Outcome<TokenInfo> verified =
            hello.Token is { } token ? _with.Tokens.Verify(token)
            : _socket.Authorized is { } authorized ? authorized
            : new Rejection(ErrorCode.Unauthenticated, "hello needs a token.");
        if (verified.IsOk && verified.Value.ExpiresAt <= _with.Time.GetUtcNow())
            verified = new Rejection(ErrorCode.TokenExpired, "The token has expired.");
        if (!verified.IsOk)
        {
            AnswerError(id, verified.Rejection);
            Close(CloseCodes.AuthFailed, verified.Rejection.Message);
            return;
        }
        Own(verified.Value);
        _state = SessionState.Attaching;
        Attach();
    }

    private void Own(TokenInfo token)
    {
        _user = token;
        _times.ExpiresIn(Now, token.ExpiresAt - _with.Time.GetUtcNow());
        EnsureTick();
    }

    private void Attach()
    {
        _attaching = Begin(null);
        _with.Users.Tell(new UserProtocol.Attach(_user!.User, Self, _user.Device, _with.MaxSessions, _attaching));
        EnsureTick();
    }

    private bool IsAttaching(long correlation) => correlation == _attaching;

    private void OnUserMessage(object message)
    {
        switch (message)
        {
            case UserProtocol.Attached attached when TryEnd(attached.Correlation, out _):
                Context.Watch(Sender);
                _entity = Sender;
                if (_state == SessionState.Ready)
                    Reattached();
                else
                    Resume();
                break;
            case UserProtocol.Refused refused when TryEnd(refused.Correlation, out _):
                AttachRefused(refused.Rejection);
                break;
            case UserProtocol.SessionRevoked revoked when revoked.Device == _user?.Device:
                Close(CloseCodes.Revoked, "This device was signed out.");
                break;
            case Terminated gone when gone.ActorRef.Equals(_entity):
                // The entity moves to another node, or starts anew.
                _detachedAt ??= _with.Time.GetUtcNow();
                Attach();
                break;
            case Resumed resumed:
                Welcome(resumed.Answer);
                break;
            case ResumeFailed failed:
                Context.GetLogger().Error(failed.Cause, "Resume of user {0} failed.", _user?.User);
                Close(CloseCodes.Internal, "internal");
                break;
            case Listed listed:
                foreach (var chat in listed.Chats.Where(IsNews))
                    _socket.Outbox.AddInbox(chat.Id, chat.Head, chat.Unread);
                break;
        }
    }

    private void AttachRefused(Rejection rejection)
    {
        if (_state == SessionState.Attaching)
            AnswerError(_hello!.Id, rejection);
        switch (rejection.Code)
        {
            case ErrorCode.QuotaExceeded:
                Close(CloseCodes.TooManyConnections, rejection.Message);
                break;
            case ErrorCode.Unauthenticated or ErrorCode.NotFound or ErrorCode.Forbidden:
                Close(CloseCodes.Revoked, rejection.Message);
                break;
            default:
                Close(CloseCodes.Internal, rejection.Message);
                break;
        }
    }

    private void Resume()
    {
        if (((ClientRequest.Hello)_hello!.Body).Resume is not { } resume)
            Welcome(null);
        else if (resume.Epoch != _with.Epoch.Value)
            Welcome(ResumeAnswer.OtherEpoch);
        else
            _ = _with
                .Operations.ResumeAsync(_user!.User, resume.Chats)
                .PipeTo(
                    Self,
                    success: chats => new Resumed(new ResumeAnswer(true, chats)),
                    failure: cause => new ResumeFailed(cause)
                );
    }

    /// <summary>First the answer, then what was missed, then what has happened since the session was attached.</summary>
    private void Welcome(ResumeAnswer? resume)
    {
        var first = new List<OutFrame>();
        if (_hello!.Id is { } id)
        {
            var now = _with.Time.GetUtcNow();
            var hello = new HelloAnswer(
                Guid.CreateVersion7(now),
                _user!.User,
                now,
                SessionTimes.Ping,
                SessionTimes.Pong,
                _with.Epoch.Value,
                resume
            );
            first.Add(OutFrame.Answer(ServerFrames.Ok(id, hello, HelloAnswer.Write)));
        }
        foreach (var chat in resume?.Chats ?? [])
        foreach (var e in chat.Events)
            first.Add(OutFrame.Durable(chat.Chat, e));
        _hello = null;
        _state = SessionState.Ready;
        NodeMetrics.SessionBegan();
        _times.Welcomed(Now);
        _socket.Outbox.Release(first);
        Next();
    }

    private void HandleRefresh(long? id, ClientRequest.RefreshToken refresh)
    {
        var verified = _with.Tokens.Verify(refresh.Token);
        if (!verified.IsOk)
            AnswerError(id, verified.Rejection);
        else if ((verified.Value.User, verified.Value.Device) != (_user!.User, _user.Device))
            AnswerError(id, new Rejection(ErrorCode.Unauthenticated, "This token is for another session."));
        else
        {
            Own(verified.Value);
            Answer(id, 0, static (re, _) => ServerFrames.Done(re));
        }
    }

    /// <summary>
    /// While the user's entity was away its chats had nobody to tell: the client is told where those that changed stand
    /// and pulls what it lacks.
    /// </summary>
    private void Reattached()
    {
        if (_detachedAt is not { } detachedAt)
            return;
        _detachedAt = null;
        var since = detachedAt - SessionTimes.Slow - SessionTimes.Slow;
        _toldHeads = [];
        // The lost node may have had the projection as well: the read tables show what happened once another has it.
        foreach (var after in SessionTimes.LooksAfterMove)
            _ = ListAsync(_user!.User, since, after).PipeTo(Self, failure: _ => new Listed([]));
    }

    private async Task<Listed> ListAsync(UserId user, DateTimeOffset since, TimeSpan after)
    {
        if (after > TimeSpan.Zero)
            await Task.Delay(after, _with.Time);
        var list = await _with.Operations.ListAsync(user, ChatOperations.ChatsMost, null);
        return new Listed(list.IsOk ? [.. list.Value.Chats.Where(chat => chat.LastMessageAt >= since)] : []);
    }

    private bool IsNews(ChatView chat)
    {
        if (_toldHeads.TryGetValue(chat.Id, out var told) && told >= chat.Head)
            return false;
        _toldHeads[chat.Id] = chat.Head;
        return true;
    }

    private sealed record Resumed(ResumeAnswer Answer);

    private sealed record ResumeFailed(Exception Cause);

    private sealed record Listed(IReadOnlyList<ChatView> Chats);
}
