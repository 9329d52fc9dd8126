using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

public sealed partial class ChatOperations
{
    private static readonly Rejection NoSuchRun = new(ErrorCode.NotFound, "There is no such run.");
    private static readonly Rejection NoOpenRun = new(ErrorCode.NotFound, "There is no such run, or it has ended.");

    /// <summary>How long the tables may take to show a run that has just been asked for or has just ended.</summary>
    private static readonly TimeSpan RunSettles = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromMilliseconds(50);

    public async Task<Outcome<RunStarted>> AskAsync(
        UserId by,
        ChatId chat,
        AiRunKind kind,
        string? prompt,
        bool? isPrivate
    )
    {
        if (await OverQuotaAsync(by) is { } over)
            return over;
        var executed = await asking.ExecuteAsync(
            chat,
            new ChatCommands.AskAssistant(by, kind, prompt ?? "", isPrivate)
        );
        return executed.IsOk ? new RunStarted(((ChatAnswer.RunStarted)executed.Value.Answer).Run) : executed.Rejection;
    }

    /// <summary>The same question once more: a new run, while the old one and its answer stay.</summary>
    public async Task<Outcome<RunStarted>> RegenerateAsync(UserId by, RunId run)
    {
        var found = await RunAsync(by, run);
        if (!found.IsOk)
            return found.Rejection;
        var row = found.Value.Row;
        if (row.EndedAt is null)
            return new Rejection(ErrorCode.Conflict, "This run has not ended.");
        if (row.FromSeq is not { } from)
            return new Rejection(
                ErrorCode.Unsupported,
                "This run was made by a version that did not keep what it was."
            );
        var command = new ChatCommands.RegenerateRun(
            by,
            run,
            row.Kind,
            row.Prompt ?? "",
            row.By,
            row.Private,
            row.TriggerSeq,
            from
        );
        if (await OverQuotaAsync(by) is { } over)
            return over;
        var executed = await asking.ExecuteAsync(row.Chat, command);
        return executed.IsOk ? new RunStarted(((ChatAnswer.RunStarted)executed.Value.Answer).Run) : executed.Rejection;
    }

    // A word in time; the run's reservation decides.
    private async Task<Rejection?> OverQuotaAsync(UserId by) =>
        quotas is null || quotas.OfUser.IsOff ? null : await asking.CheckAiQuotaAsync(by);

    public async Task<Outcome<Nothing>> CancelAsync(UserId by, RunId run)
    {
        var located = await LocateAsync(run);
        if (!located.IsOk)
            return Hidden(located.Rejection);
        var executed = await asking.ExecuteAsync(located.Value.Chat, new ChatCommands.CancelRun(by, run));
        return executed.IsOk ? Nothing.Instance : Hidden(executed.Rejection);

        // Whether the chat, the run or nothing of it is the caller's, they are told the same.
        static Rejection Hidden(Rejection refused) => refused.Code == ErrorCode.NotFound ? NoOpenRun : refused;
    }

    /// <summary>State, text so far and provenance, for those who may see them.</summary>
    public async Task<Outcome<RunState>> RunAsync(UserId by, RunId run)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var located = await LocateAsync(run);
            if (!located.IsOk)
                return located.Rejection;
            var live = await asking.ReadChatAsync<ChatProtocol.RunFound>(
                new ChatProtocol.GetRun(located.Value.Chat, by, run, 0)
            );
            if (live.IsOk)
                return new RunState(RowOf(located.Value.Chat, live.Value)) { Place = located.Value.Place };
            if (live.Rejection.Code != ErrorCode.NotFound)
                return live.Rejection;
            if (
                await reader.RunAsync(located.Value.Chat, run, 0, CancellationToken.None) is { EndedAt: not null } ended
            )
                return await EndedAsync(by, ended);
            // The entity says it has ended, or is none of the caller's; the tables do not say the first yet.
            if (time.GetElapsedTime(since) > RunSettles)
                return NoSuchRun;
            await Task.Delay(LooksAgainAfter, time);
        }
    }

    public async Task<Outcome<SummaryState>> SummaryAsync(UserId by, ChatId chat)
    {
        var found = await asking.ReadChatAsync<ChatProtocol.SummaryFound>(new ChatProtocol.GetSummary(chat, by, 0));
        return found.IsOk ? new SummaryState(found.Value.Summary, found.Value.UnseenCount) : found.Rejection;
    }

    /// <summary>Which chat a run belongs to: the queue knows those that wait or work, the table the others.</summary>
    private async Task<Outcome<Located>> LocateAsync(RunId run)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var located = await asking.LocateAsync(run);
            if (located is { IsOk: true, Value: { Chat: { } chat, Place: var place } })
                return new Located(chat, place);
            if (await reader.RunAsync(run, CancellationToken.None) is { } row)
                return new Located(row.Chat);
            // A run asked for a moment ago may be on its way to both.
            if (!WasJustMade(run) || time.GetElapsedTime(since) > RunSettles)
                return located.IsOk ? NoSuchRun : located.Rejection;
            await Task.Delay(LooksAgainAfter, time);
        }
    }

    // Ids of version 7 begin with the milliseconds of their making.
    private bool WasJustMade(RunId run)
    {
        Span<byte> bytes = stackalloc byte[16];
        run.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var made = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16;
        return Math.Abs(time.GetUtcNow().ToUnixTimeMilliseconds() - made) < RunSettles.TotalMilliseconds;
    }

    private async Task<Outcome<RunState>> EndedAsync(UserId by, AiRunRow run)
    {
        if (run.Kind == AiRunKind.Rolling || (run.Private && run.By != by))
            return NoSuchRun;
        if (run.MessageSeq is not { } seq)
            return await PrivateAsync(by, run);
        // The answer as the caller may see it now: not from before they came, not deleted.
        var page = await HistoryAsync(by, run.Chat, seq + 1, null, 1);
        if (!page.IsOk)
            return page.Rejection.Code == ErrorCode.NotFound ? NoSuchRun : page.Rejection;
        return page.Value.Messages is [{ Seq: var found } message] && found == seq
            ? new RunState(run with { Text = message.Text, Cites = message.Cites })
            : NoSuchRun;
    }

    /// <summary>The chat says how far the tables must be: what was deleted or edited by now is not answered.</summary>
    private async Task<Outcome<RunState>> PrivateAsync(UserId by, AiRunRow run)
    {
        var chat = await asking.ReadChatAsync<ChatProtocol.ChatFound>(new ChatProtocol.GetChat(run.Chat, by, false, 0));
        if (!chat.IsOk)
            return chat.Rejection.Code == ErrorCode.NotFound ? NoSuchRun : chat.Rejection;
        try
        {
            var version = chat.Value.View.Version;
            return await reader.RunAsync(run.Chat, run.Run, version, CancellationToken.None) is { } now
                ? new RunState(now)
                : NoSuchRun;
        }
        catch (TimeoutException)
        {
            return Lagging;
        }
    }

    private static AiRunRow RowOf(ChatId chat, ChatProtocol.RunFound found) =>
        new(
            found.Run.Run,
            chat,
            found.Run.Kind,
            found.Run.By,
            found.Run.Private,
            found.Status,
            found.Text,
            null,
            [],
            null,
            null,
            found.Run.At,
            null,
            found.Run.RegeneratedFrom
        );

    private sealed record Located(ChatId Chat, int? Place = null);
}
