using Akka.Actor;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Chats;

/// <summary>Questions of the decider about messages that left memory: one at a time, and commands wait meanwhile.</summary>
public sealed partial class ChatActor
{
    private void LookUp(LookupRequest request)
    {
        var id = ++_lookup;
        var minHead = request.MinHead;
        Task<LookupResult> found = request switch
        {
            LookupRequest.ByCid by => Message(
                _with.Reader.FindByCidAsync(_chat, by.Sender, by.Cid, minHead, CancellationToken.None)
            ),
            LookupRequest.BySeq { Quoting: true } by => WithQuoting(by),
            LookupRequest.BySeq by => Message(
                _with.Reader.FindBySeqAsync(_chat, by.Seq, minHead, CancellationToken.None)
            ),
            LookupRequest.CountUnread count => Count(
                _with.Reader.CountUnreadAsync(
                    _chat,
                    count.User,
                    count.After,
                    count.Upto,
                    minHead,
                    CancellationToken.None
                )
            ),
            _ => throw new InvalidOperationException($"There is no lookup {request.GetType().Name}."),
        };
        _ = found.PipeTo(Self, Self, result => new LookupDone(id, result), reason => new LookupFailed(id, reason));
        static async Task<LookupResult> Message(Task<ChatMessage?> message) =>
            new LookupResult.MessageFound(await message.ConfigureAwait(false));
        async Task<LookupResult> WithQuoting(LookupRequest.BySeq by)
        {
            var none = CancellationToken.None;
            var message = await _with.Reader.FindBySeqAsync(_chat, by.Seq, minHead, none).ConfigureAwait(false);
            var quoting = await _with.Reader.QuotingAsync(_chat, by.Seq, minHead, none).ConfigureAwait(false);
            return new LookupResult.MessageFound(message) { Quoting = quoting };
        }
        static async Task<LookupResult> Count(Task<int> count) =>
            new LookupResult.Counted(await count.ConfigureAwait(false));
    }
}
