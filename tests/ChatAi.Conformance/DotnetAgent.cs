using ChatAi.Client;

namespace ChatAi.Conformance;

/// <summary>ChatAi.Client as the kit drives it, and as an example for other clients.</summary>
internal static class DotnetAgent
{
    public static async Task<int> RunAsync(Uri server, string phone, string code)
    {
        using var account = await ChatAiAccount.SignInAsync(server, phone, code, "conformance");
        await using var client = new ChatAiClient(account);
        client.Start();
        var showing = ShowAsync(client);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 4) is ["send", var chat, var cid, var text])
            {
                _ = SendAsync(client, Guid.Parse(chat), Guid.Parse(cid), text);
            }
        }

        return showing.IsFaulted ? 1 : 0;
    }

    private static async Task SendAsync(ChatAiClient client, Guid chat, Guid cid, string text)
    {
        try
        {
            var sent = await client.SendAsync(chat, text, cid: cid);
            Out.Line($"sent {cid} {sent.Seq}");
        }
        catch (ChatAiException refused)
        {
            Out.Line($"refused {cid} {refused.Message}");
        }
    }

    private static async Task ShowAsync(ChatAiClient client)
    {
        var isReady = false;
        await foreach (var happened in client.EventsAsync())
        {
            if (!isReady && happened is ConnectionChanged { State: ConnectionState.Online })
            {
                isReady = true;
                Out.Line("ready");
            }
            else if (happened is ChatEvent { Ev: "message.created" } message)
            {
                Out.Line($"event {message.Chat} {message.Seq} {message.Cid} {message.Text}");
            }
        }
    }
}
