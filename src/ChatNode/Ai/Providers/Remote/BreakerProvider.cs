using System.ClientModel;
using System.Runtime.CompilerServices;
using ChatAi.Shared.Domain;
using Polly.Timeout;

namespace ChatAi.ChatNode.Ai.Providers.Remote;

/// <summary>
/// A provider behind a breaker: while that is open it fails at once, so that the fallback answers without a wait. What
/// goes wrong below is told in words that hold nothing of the conversation.
/// </summary>
public sealed class BreakerProvider(IAssistant inner, RunBreaker breaker, RemoteSettings settings, TimeProvider time)
    : IAssistant,
        IDisposable
{
    public string Name => inner.Name;

    public int ReplyLines => inner.ReplyLines;

    public int AtOnce => inner.AtOnce;

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var pass =
            breaker.TryEnter()
            ?? throw new AssistantException(
                "The model server failed several times in a row and is left alone for now."
            );
        var heard = time.GetTimestamp();
        await using var chunks = inner.AnswerAsync(request, cancel).GetAsyncEnumerator(cancel);
        try
        {
            while (await NextAsync(chunks, pass, cancel))
            {
                heard = time.GetTimestamp();
                if (chunks.Current.End is not null)
                    pass.Succeeded();
                yield return chunks.Current;
            }
        }
        finally
        {
            // A silence is ended by the caller's clock, and looks from here like any other cancel.
            if (time.GetElapsedTime(heard) >= settings.NoProgress * 0.9)
                pass.Failed();
            else
                pass.Left();
        }
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) => inner.EndOf(request, text);

    public void Forget(ChatId chat) => inner.Forget(chat);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private static async ValueTask<bool> NextAsync(
        IAsyncEnumerator<AssistantChunk> chunks,
        RunBreaker.Pass pass,
        CancellationToken cancel
    )
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (AssistantException)
        {
            // The server did its part; what it wrote is of no use.
            pass.Succeeded();
            throw;
        }
#pragma warning disable CA1031 // Whatever the client library throws, the server's answer was no answer.
        catch (Exception wrong) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            pass.Failed();
            throw new AssistantException(InPlainWords(wrong));
        }
    }

    /// <summary>Without what the server said, which may repeat the prompt.</summary>
    private static string InPlainWords(Exception wrong)
    {
        for (var e = wrong; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case InvalidDataException ours:
                    return ours.Message;
                case TimeoutRejectedException late:
                    return $"The model server did not begin to answer within {late.Timeout.TotalSeconds:0} s.";
                case ClientResultException { Status: > 0 and var status }:
                    return $"The model server answered {status}.";
                case HttpRequestException unreachable:
                    return $"The model server cannot be reached ({unreachable.HttpRequestError}).";
                case IOException:
                    return "The model server broke its answer off.";
            }
        }
        return $"The model server's answer cannot be read ({wrong.GetType().Name}).";
    }
}
