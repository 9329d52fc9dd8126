using ChatAi.Testing;

namespace ChatAi.Conformance;

/// <summary>
/// A client as they are often written first: it connects again, but asks for nothing it missed and sends a message whose
/// answer got lost under a new <c>cid</c>. The kit must find that.
/// </summary>
internal static class NaiveAgent
{
    public static async Task<int> RunAsync(Uri server, string phone, string code)
    {
        var tokens = await new ChatApi(server).TokenAsync(phone, code);
        var connected = new TaskCompletionSource<ChatClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        var current = connected;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    await using var client = await ChatClient.ConnectAsync(
                        server,
                        new ChatClientOptions(Received: Show, Patience: TimeSpan.FromSeconds(5))
                    );
                    await client.HelloAsync(tokens.AccessToken);
                    current.TrySetResult(client);
                    await client.Closed;
                }
                catch (Exception lost) when (lost is not OutOfMemoryException)
                {
                    await Task.Delay(300);
                }

                current = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        });
        await connected.Task;
        Out.Line("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 4) is ["send", var chat, var cid, var text])
            {
                _ = SendAsync(() => current.Task, Guid.Parse(chat), cid, text);
            }
        }

        return 0;
    }

    private static void Show(ChatEvent seen)
    {
        if (seen.Ev == "message.created")
        {
            Out.Line($"event {seen.Chat} {seen.Seq} {seen.Cid} {seen.Text}");
        }
    }

    private static async Task SendAsync(Func<Task<ChatClient>> client, Guid chat, string cid, string text)
    {
        while (true)
        {
            try
            {
                var sent = await (await client()).SendAsync(chat, text, Guid.CreateVersion7());
                Out.Line($"sent {cid} {sent.Seq}");
                return;
            }
            catch (Exception lost) when (lost is not OutOfMemoryException)
            {
                await Task.Delay(100);
            }
        }
    }
}
