using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class ChatsTests(HttpServer server)
{
    [Fact]
    public async Task Should_make_one_chat_for_one_pair_whoever_asks()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var made = await Task.WhenAll(
            ada.Api.CreateChatAsync("1_to_1", [bob.Id]),
            bob.Api.CreateChatAsync("1_to_1", [ada.Id]),
            ada.Api.CreateChatAsync("1_to_1", [ada.Id, bob.Id])
        );
        Assert.Single(made.Select(chat => chat.Id).Distinct());
        Assert.Equal(bob.Id, made[0].Peer!.Value.GetGuid());
        Assert.Equal(ada.Id, made[1].Peer!.Value.GetGuid());
    }

    [Fact]
    public async Task Should_list_the_recent_conversations_newest_first_and_page()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var chats = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            chats.Add((await ada.Api.CreateChatAsync("group", [bob.Id], $"G{i}")).Id);
            await ada.Api.SendAsync(chats[i], $"message {i}");
        }
        chats.Reverse();

        var first = await bob.Api.ChatsAsync();
        Assert.Equal(chats.Take(5), first.Chats.Select(chat => chat.Id));
        Assert.Equal("message 6", first.Chats[0].LastMessagePreview);
        Assert.Equal(1, first.Chats[0].Unread);
        Assert.NotNull(first.Next);
        var second = await bob.Api.ChatsAsync(before: first.Next);
        Assert.Equal(chats.Skip(5), second.Chats.Select(chat => chat.Id));
        Assert.Null(second.Next);
        Assert.Equal(chats, (await bob.Api.ChatsAsync(limit: 1_000)).Chats.Select(chat => chat.Id));

        await ada.Api.SendAsync(chats[6], "up again");
        Assert.Equal(chats[6], (await bob.Api.ChatsAsync(limit: 1)).Chats.Single().Id);
    }

    [Fact]
    public async Task Should_keep_settings_to_oneself_and_titles_for_all()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "Old")).Id;
        var changed = await ada.Api.SetChatAsync(
            chat,
            new
            {
                title = " New ",
                muted = true,
                pinned = true,
                archived = true,
            }
        );
        Assert.Equal(("New", true, true, true), (changed.Title, changed.Muted, changed.Pinned, changed.Archived));
        var seen = await bob.Api.ChatAsync(chat);
        Assert.Equal(("New", false, false, false), (seen.Title, seen.Muted, seen.Pinned, seen.Archived));
        Assert.Equal(["owner", "member"], seen.Members!.OrderByDescending(m => m.Role).Select(m => m.Role));
        var refused = await RawCalls.RefusedAsync(() => bob.Api.SetChatAsync(chat, new { title = "Mine" }));
        Assert.Equal(("forbidden", 403), (refused.Code, refused.Status));
    }

    [Fact]
    public async Task Should_add_and_remove_members_by_role()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var eve = await server.SignUpAsync("Eve");
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => bob.Api.AddMembersAsync(chat, [eve.Id]))).Code);
        var added = await ada.Api.AddMembersAsync(chat, [eve.Id]);
        Assert.Equal((await ada.Api.ChatAsync(chat)).Head, added.GetProperty("seq").GetInt64());
        Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => eve.Api.RemoveMemberAsync(chat, bob.Id))).Code);
        await eve.Api.RemoveMemberAsync(chat, eve.Id);
        Assert.Equal("not_found", (await RawCalls.RefusedAsync(() => eve.Api.ChatAsync(chat))).Code);
        Assert.Equal(2, (await ada.Api.ChatAsync(chat)).Members!.Count);
    }

    [Fact]
    public async Task Should_page_messages_both_ways()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        var seqs = new List<long>();
        for (var i = 0; i < 12; i++)
            seqs.Add((await ada.Api.SendAsync(chat, $"m{i}")).Seq);

        var newest = await bob.Api.MessagesAsync(chat, limit: 5);
        Assert.Equal(seqs.AsEnumerable().Reverse().Take(5), newest.Messages.Select(m => m.Seq));
        Assert.True(newest.HasMore);
        var older = await bob.Api.MessagesAsync(chat, before: newest.Messages[^1].Seq, limit: 100);
        Assert.Equal(seqs.Take(7).Reverse(), older.Messages.Select(m => m.Seq));
        Assert.False(older.HasMore);
        var after = await bob.Api.MessagesAsync(chat, after: seqs[3], limit: 3);
        Assert.Equal(["m4", "m5", "m6"], after.Messages.Select(m => m.Text));
        Assert.True(after.HasMore);
        Assert.False((await bob.Api.MessagesAsync(chat, after: seqs[^1])).HasMore);
    }

    [Fact]
    public async Task Should_answer_a_repeated_message_with_the_first_answer()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        var cid = Guid.CreateVersion7();
        var first = await ada.Api.SendAsync(chat, "once", cid);
        Assert.False(first.Dup);
        Assert.Equal(first with { Dup = true }, await ada.Api.SendAsync(chat, "once", cid));
        var other = await RawCalls.RefusedAsync(() => ada.Api.SendAsync(chat, "twice", cid));
        Assert.Equal(("conflict", 409), (other.Code, other.Status));
        // A cid is the sender's own: Bob's may be the same.
        Assert.False((await bob.Api.SendAsync(chat, "mine", cid)).Dup);
        Assert.Equal(["mine", "once"], (await bob.Api.MessagesAsync(chat)).Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task Should_take_a_text_of_exactly_the_limit_and_every_character()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        var text = new string('x', 16_382) + "😀";
        await ada.Api.SendAsync(chat, text);
        await ada.Api.SendAsync(chat, "é \u202e<script>\"\\\u0001\ufeff");
        var messages = (await bob.Api.MessagesAsync(chat)).Messages;
        Assert.Equal(text, messages[1].Text);
        Assert.Equal("é \u202e<script>\"\\\u0001\ufeff", messages[0].Text);
    }

    [Fact]
    public async Task Should_limit_how_fast_one_writes()
    {
        await using var strict = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__RateLimit__MessagesPerSecond"] = "1",
                ["ChatAi__RateLimit__Burst"] = "2",
            }
        );
        var ada = await TestUser.SignUpAsync(strict.Url, "Ada");
        var bob = await TestUser.SignUpAsync(strict.Url, "Bob");
        var chat = (await ada.Api.CreateChatAsync("1_to_1", [bob.Id])).Id;
        RawAnswer answer;
        var sent = 0;
        do answer = await ada.Api.RawAsync(
            HttpMethod.Post,
            $"/v1/chats/{chat}/messages",
            new { cid = Guid.CreateVersion7(), text = "hi" }
        );
        while (answer.Status == 200 && ++sent < 50);
        Assert.Equal((429, "rate_limited"), (answer.Status, answer.Code));
        Assert.InRange(answer.Body!.Value.GetProperty("after_ms").GetInt32(), 1, 1_000);
        await bob.Api.SendAsync(chat, "Bob may");
    }
}
