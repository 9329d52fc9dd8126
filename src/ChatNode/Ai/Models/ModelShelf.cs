using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary><c>model list</c> and <c>model verify</c>.</summary>
public sealed class ModelShelf(ChatAiOptions options, TextWriter output)
{
    /// <summary>A table of the files; <c>*</c> marks the one that would be used.</summary>
    public async Task ListAsync()
    {
        var used = ModelLocator.Find(options);
        var files = ModelFolder.Files(ModelFolder.Of(options)).ToList();
        // A file that the settings name may lie anywhere.
        if (used.File is { } named && !files.Any(f => Path.GetFullPath(f) == Path.GetFullPath(named.Path)))
            files.Insert(0, named.Path);
        string[][] rows =
        [
            ["", "file", "architecture", "parameters", "quantisation", "context", "size", "template", "hash recorded"],
            .. files.Select(f => Row(f, used.File)),
        ];
        var widths = rows[0].Select((_, column) => rows.Max(r => column < r.Length ? r[column].Length : 0)).ToList();
        foreach (var row in rows)
            await output.WriteLineAsync(string.Join("  ", row.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
        await output.WriteLineAsync(
            used.File is null ? $"No model would be used: {used.Reason}." : $"Would be used (*): {used.Reason}."
        );
    }

    /// <summary>Computes the sums of all files, or of one, and compares them with those recorded.</summary>
    /// <param name="record">Writes down a sum that is not.</param>
    public async Task<ModelExit> VerifyAsync(string? name, bool record, CancellationToken cancel)
    {
        var files = ModelFolder.Files(ModelFolder.Of(options));
        if (name is not null)
            files = [.. files.Where(f => Path.GetFileName(f) == name)];
        if (files.Count == 0)
            throw new ModelException(
                ModelExit.Usage,
                $"There is no {name ?? $"{ModelFolder.Extension} file"} in {ModelFolder.Of(options)}."
            );
        var worst = ModelExit.Done;
        foreach (var file in files)
        {
            var (exit, line) = await LookAsync(file, record, cancel);
            await output.WriteLineAsync($"{Path.GetFileName(file)}: {line}");
            worst = exit == ModelExit.Done ? worst : exit;
        }
        return worst;
    }

    private static async Task<(ModelExit Exit, string Line)> LookAsync(
        string file,
        bool record,
        CancellationToken cancel
    )
    {
        try
        {
            _ = GgufReader.ReadFile(file);
        }
        catch (GgufException wrong)
        {
            return (ModelExit.NotAModel, wrong.Message);
        }
        var sum = await ModelSums.ComputeAsync(file, null, cancel);
        switch (ModelSums.Recorded(file))
        {
            case { } recorded when recorded == sum:
                return (ModelExit.Done, $"{sum}, as recorded");
            case { } recorded:
                return (ModelExit.WrongHash, $"{sum}, but {recorded} is recorded");
            case null when record:
                ModelSums.Record(file, sum);
                return (ModelExit.Done, $"{sum}, recorded now");
            default:
                return (ModelExit.Done, $"{sum}, not recorded (--record writes it down)");
        }
    }

    private static string[] Row(string file, ModelFile? used)
    {
        var name = Path.GetFileName(file);
        try
        {
            var header = GgufReader.ReadFile(file);
            return
            [
                file == used?.Path ? "*" : "",
                name,
                header.Architecture,
                header.ParametersText,
                header.Quantisation,
                header.ContextTokens.ToString(),
                Sizes.Of(new FileInfo(file).Length),
                header.HasChatTemplate ? "yes" : "no",
                ModelSums.Recorded(file) is null ? "no" : "yes",
            ];
        }
        catch (GgufException wrong)
        {
            return ["!", name, wrong.Message];
        }
    }
}
