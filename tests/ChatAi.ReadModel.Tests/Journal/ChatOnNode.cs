using Akka.Actor;
using Akka.Persistence;
using ChatAi.ChatNode.Chats;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests.Journal;

/// <summary>A chat's entity on one of several nodes that share a journal; it comes up anew when it has stopped, as in a region.</summary>
public sealed class ChatOnNode(JournalHost node, ReadDatabase tables, ChatId chat)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IActorRef _region = node.System.ActorOf(
        Props.Create(() =>
            new Region(
                ChatActor.Props(
                    chat,
                    new ChatDependencies(
                        node.System.DeadLetters,
                        node.System.DeadLetters,
                        tables.Reader,
                        TimeProvider.System,
                        new EntitySettings(100, null, 256, 1_000)
                    )
                )
            )
        )
    );

    public Task<object> ExecuteAsync(IChatCommand command, TimeSpan? patience = null) =>
        _region.Ask<object>(new ChatProtocol.Execute(chat, command, 0), patience ?? Patience);

    /// <summary>Null when no answer came: the entity could not write and has stopped.</summary>
    public async Task<ChatAnswer.Sent?> SendAsync(
        UserId by,
        ClientMessageId cid,
        TimeSpan patience,
        string text = "text"
    )
    {
        try
        {
            var answer = await ExecuteAsync(new ChatCommands.SendMessage(by, cid, text, null), patience);
            return (answer as ChatProtocol.Executed)?.Answer as ChatAnswer.Sent;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Done when what the entity was sent before is with the journal.</summary>
    public async Task HandedOverAsync()
    {
        await _region.Ask<ActorIdentity>(Region.Look.Instance, Patience);
        await Persistence.Instance.Apply(node.System).JournalFor(null).Ask<ActorIdentity>(new Identify(0), Patience);
    }

    private sealed class Region : ReceiveActor
    {
        private IActorRef? _entity;

        public Region(Props props)
        {
            Receive<Terminated>(_ => _entity = null);
            Receive<Look>(_ => _entity?.Tell(new Identify(0), Sender));
            ReceiveAny(message =>
            {
                _entity ??= Context.Watch(Context.ActorOf(props));
                _entity.Forward(message);
            });
        }

        internal sealed class Look
        {
            public static readonly Look Instance = new();
        }
    }
}
