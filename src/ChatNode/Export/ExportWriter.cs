using System.IO.Pipelines;
using System.Text.Json;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Api;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Export;

/// <summary>The account, read before the first byte is sent: up to here an export can be refused.</summary>
public sealed record ExportedAccount(Person Me, DeviceList Devices, BlockedPeople Blocks, DeviceId Device);

/// <summary>An export that cannot go on. The connection is cut, so that nobody takes a part for the whole.</summary>
public sealed class ExportFailedException(Rejection reason) : Exception(reason.Message);

/// <summary>
/// Writes a person's data as one JSON object, a page at a time: what waits for the network is all that is in memory. Each
/// page is asked for as the person would ask for it, so an export shows nothing that they may not see.
/// </summary>
public sealed class ExportWriter(ChatOperations chats, TimeProvider time)
{
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Chats that come up in the list while it is read are found by the next pass.</summary>
    private const int Passes = 3;

    public async Task WriteAsync(PipeWriter to, ExportedAccount account, CancellationToken cancel)
    {
        await using var w = new Utf8JsonWriter(to);
        w.WriteStartObject();
        w.WriteNumber("version"u8, 1);
        w.WriteTime("exported_at"u8, time.GetUtcNow());
        w.WritePropertyName("profile"u8);
        AccountJson.WritePerson(w, account.Me);
        AccountJson.WriteDeviceList(w, (account.Devices.Devices, account.Device));
        BlocksApi.WriteBlocks(w, account.Blocks);
        w.WriteStartArray("chats"u8);
        await foreach (var chat in ChatsAsync(account.Me.Id, cancel))
            await WriteChatAsync(w, to, account.Me.Id, chat, cancel);
        w.WriteEndArray();
        // Last: who finds it has all.
        w.WriteBoolean("complete"u8, true);
        w.WriteEndObject();
        await FlushAsync(w, to, cancel);
    }

    private async IAsyncEnumerable<ChatId> ChatsAsync(
        UserId user,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        var seen = new HashSet<ChatId>();
        for (var pass = 0; pass < Passes; pass++)
        {
            var before = seen.Count;
            string? next = null;
            do
            {
                var cursor = next;
                var page = await TryAsync(() => chats.ListAsync(user, ChatOperations.ChatsMost, cursor), cancel);
                if (page is null)
                    yield break;
                foreach (var chat in page.Chats.Where(chat => seen.Add(chat.Id)))
                    yield return chat.Id;
                next = page.Next;
            } while (next is not null);
            if (seen.Count == before)
                yield break;
        }
    }

    private async Task WriteChatAsync(Utf8JsonWriter w, PipeWriter to, UserId user, ChatId id, CancellationToken cancel)
    {
        // Who is taken out of a chat meanwhile gets no more of it.
        if (await TryAsync(() => chats.GetAsync(user, id), cancel) is not { } chat)
            return;
        var page = await TryAsync(() => chats.HistoryAsync(user, id, null, 0, Limits.HistoryPage), cancel);
        if (page is null)
            return;
        w.WriteStartObject();
        w.WritePropertyName("chat"u8);
        ChatJson.WriteChat(w, chat);
        w.WriteStartObject("membership"u8);
        w.WriteString("role"u8, chat.Members!.First(m => m.User == user).Role.Name());
        w.WriteNumber("from_seq"u8, page.VisibleFrom);
        w.WriteNumber("to_seq"u8, chat.Head);
        w.WriteEndObject();
        w.WriteStartArray("messages"u8);
        while (page is { Messages.Count: > 0 })
        {
            foreach (var message in page.Messages)
                ChatJson.WriteMessage(w, id, message);
            await FlushAsync(w, to, cancel);
            var last = page.Messages[^1].Seq;
            page = page.HasMore
                ? await TryAsync(() => chats.HistoryAsync(user, id, null, last, Limits.HistoryPage), cancel)
                : null;
        }
        w.WriteEndArray();
        await WriteRunsAsync(w, to, user, chat, cancel);
        w.WriteEndObject();
        await FlushAsync(w, to, cancel);
    }

    private async Task WriteRunsAsync(
        Utf8JsonWriter w,
        PipeWriter to,
        UserId user,
        ChatView chat,
        CancellationToken cancel
    )
    {
        w.WriteStartArray("ai_runs"u8);
        RunId? after = null;
        while (true)
        {
            var last = after;
            var rows = await TryAsync(() => chats.RunsOfAsync(user, chat.Id, last, chat.Version), cancel);
            foreach (var row in rows?.Runs ?? [])
            {
                w.WriteStartObject();
                w.WritePropertyName("run"u8);
                AiJson.WriteRun(w, new RunState(row));
                if (row.Prompt is { Length: > 0 } prompt)
                    w.WriteString("prompt"u8, prompt);
                w.WriteEndObject();
            }
            if (rows is not { Runs: { Count: ChatOperations.RunsPage } full })
                break;
            after = full[^1].Run;
            await FlushAsync(w, to, cancel);
        }
        w.WriteEndArray();
    }

    private static async Task FlushAsync(Utf8JsonWriter w, PipeWriter to, CancellationToken cancel)
    {
        await w.FlushAsync(cancel);
        await to.FlushAsync(cancel);
    }

    /// <summary>Null for what is not there, or not for this person, any longer.</summary>
    /// <exception cref="ExportFailedException">Refused, or not to be had for some time.</exception>
    private async Task<T?> TryAsync<T>(Func<Task<Outcome<T>>> ask, CancellationToken cancel)
        where T : class
    {
        for (var left = Tries; ; )
        {
            var outcome = await ask();
            if (outcome.IsOk)
                return outcome.Value;
            if (outcome.Rejection.Code == ErrorCode.NotFound)
                return null;
            if (!ErrorCode.IsRetryable(outcome.Rejection.Code) || --left == 0)
                throw new ExportFailedException(outcome.Rejection);
            await Task.Delay(Pause, time, cancel);
        }
    }
}
