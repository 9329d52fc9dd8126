using System.Runtime.InteropServices;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary><c>ChatNode model get|list|verify</c>.</summary>
public static class ModelCommand
{
    private const string Usage =
        "Usage: ChatNode model get URL [--sha256 HEX] [--name FILE] | model list | model verify [NAME] [--record]";

    public static async Task<int> RunAsync(ChatAiOptions options, string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return (int)await RunAsync(options, ModelArguments.Parse(args), stop.Token);
        }
        catch (ModelException wrong)
        {
            await Console.Error.WriteLineAsync(
                wrong.Exit == ModelExit.Usage ? $"{wrong.Message}\n{Usage}" : wrong.Message
            );
            return (int)wrong.Exit;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped. The same command goes on from where it was.");
            return (int)ModelExit.Stopped;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<ModelExit> RunAsync(ChatAiOptions options, ModelArguments args, CancellationToken cancel)
    {
        var shelf = new ModelShelf(options, Console.Out);
        switch (args)
        {
            case { Verb: "get", Order: { } order }:
                await GetAsync(ModelFolder.Of(options), order, cancel);
                return ModelExit.Done;
            case { Verb: "verify" }:
                return await shelf.VerifyAsync(args.Name, args.Record, cancel);
            default:
                await shelf.ListAsync();
                return ModelExit.Done;
        }
    }

    private static async Task GetAsync(string folder, ModelOrder order, CancellationToken cancel)
    {
        var lines = new ProgressLines(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        using var http = ModelDownload.Client();
        var download = new ModelDownload(http, new DownloadSettings(), TimeProvider.System, lines, lines.Say);
        var model = await new ModelGet(folder, download, lines.Say).RunAsync(order, cancel);
        var header = model.Header;
        await Console.Out.WriteLineAsync(
            $"{model.Path}: {header.Name} ({header.Architecture}, {header.ParametersText} parameters, "
                + $"{header.Quantisation}, context {header.ContextTokens}), {Sizes.Of(model.Bytes)}, "
                + $"SHA-256 {ModelSums.Recorded(model.Path)}"
        );
        if (header.WhyNotChat is { } unfit)
            await Console.Error.WriteLineAsync($"It cannot be used for chats: {unfit}.");
        else if (!header.HasChatTemplate)
            await Console.Error.WriteLineAsync("It has no chat template: it was hardly made for chats.");
    }
}
