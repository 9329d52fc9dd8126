namespace ChatAi.Client.Tests;

/// <summary>The first client of docs/clients.md; a test holds the two together.</summary>
internal static class FirstClient
{
    public static async Task<string?> RunAsync(Uri server, string phone, string friendsPhone)
    {
        // <first-client>
        var sent = await ChatAiAccount.RequestCodeAsync(server, phone);
        var code = sent.Code ?? Console.ReadLine()!;
        using var account = await ChatAiAccount.SignInAsync(server, phone, code, device: "my laptop");
        await using var client = new ChatAiClient(account);
        client.Start();

        var friend = await account.LookupAsync(friendsPhone);
        _ = client.SendToAsync(friend!.Id, "Hello from .NET");

        await foreach (var happened in client.EventsAsync())
        {
            if (happened is ChatEvent { Ev: "message.created" } message)
            {
                Console.WriteLine($"{message.Sender}: {message.Text}");
                client.Acknowledge(message.Chat, recv: message.Seq, read: message.Seq);
                return message.Text;
            }
        }
        // </first-client>

        return null;
    }
}
