using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Phones;

/// <summary>One phone number: one writer decides whose it is, so that two sign-ins at once make one user.</summary>
public sealed class PhoneActor : UntypedPersistentActor
{
    private readonly string _phone;
    private readonly TimeProvider _time;
    private readonly PhoneNumberAccount _account = new();

    public PhoneActor(string phone, TimeProvider time)
    {
        _phone = phone;
        _time = time;
        // The windows of attempts live in memory: they must outlast a pause between two guesses.
        SetReceiveTimeout(PhoneNumberAccount.Window + PhoneNumberAccount.CodeLifetime);
    }

    public static Props Props(string phone, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new PhoneActor(phone, time));

    public override string PersistenceId => ShardNames.PersistenceIdOfPhone(_phone);

    protected override void OnRecover(object message)
    {
        if (message is IPhoneEvent e)
            _account.Apply(e);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case PhoneProtocol.IssueCode issue:
                Sender.Tell(
                    _account.IssueCode(issue.Code, _time.Now()) is { } wait
                        ? new PhoneProtocol.Refused(_phone, wait)
                        : new PhoneProtocol.CodeIssued(_phone, (int)PhoneNumberAccount.CodeLifetime.TotalSeconds)
                );
                break;
            case PhoneProtocol.CheckCode check:
                Check(check.Code);
                break;
            case PhoneProtocol.GetOwner:
                Sender.Tell(new PhoneProtocol.OwnerFound(_phone, _account.Owner));
                break;
            case ReceiveTimeout:
                Context.Parent.Tell(new Passivate(Leave.Instance));
                break;
            case Leave:
                Context.Stop(Self);
                break;
        }
    }

    private void Check(string code)
    {
        var sender = Sender;
        if (_account.CheckCode(code, _time.Now()) is { } wrong)
            sender.Tell(new PhoneProtocol.Refused(_phone, wrong));
        else if (_account.Owner is { } owner)
            sender.Tell(new PhoneProtocol.CodeAccepted(_phone, owner));
        else
            Persist(
                new PhoneEvents.PhoneClaimed(UserId.New(_time.GetUtcNow()), _time.Now()),
                claimed =>
                {
                    _account.Apply(claimed);
                    sender.Tell(new PhoneProtocol.CodeAccepted(_phone, claimed.User));
                }
            );
    }

    private sealed class Leave
    {
        public static readonly Leave Instance = new();
    }
}
