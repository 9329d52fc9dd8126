using System.Text.RegularExpressions;

namespace ChatAi.ChatNode.Ai.Models;

/// <param name="Sha256">What the file must hash to; null where nobody said.</param>
/// <param name="Name">The name it gets; null for that of the address.</param>
public sealed record ModelOrder(Uri Url, string? Sha256, string? Name);

/// <summary><c>model get</c>: fetches, checks, and only then gives the file its name.</summary>
public sealed partial class ModelGet(string folder, ModelDownload download, Action<string> say)
{
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}\.gguf$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PlainName();

    /// <summary>The file, in its place.</summary>
    /// <exception cref="ModelException">It could not be had, or is not what was ordered.</exception>
    public async Task<ModelFile> RunAsync(ModelOrder order, CancellationToken cancel)
    {
        var name = order.Name ?? Uri.UnescapeDataString(order.Url.Segments[^1]);
        if (!PlainName().IsMatch(name))
            throw new ModelException(
                ModelExit.Usage,
                "The file's name must be plain and end in .gguf: give one with --name FILE.gguf."
            );
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
            return await AlreadyThereAsync(path, order, cancel);
        var part = $"{path}.part";
        try
        {
            await download.FetchAsync(order.Url, part, cancel);
        }
        catch (ModelException wrong) when (wrong.Exit == ModelExit.NotAModel)
        {
            DownloadPart.Remove(part);
            throw;
        }
        catch (IOException wrong) when (DurableFiles.IsDiskFull(wrong))
        {
            throw new ModelException(ModelExit.NoRoom, "The disk is full; what came is kept for a later try.");
        }
        return await TakeAsync(part, path, order.Sha256, cancel);
    }

    private static async Task<ModelFile> AlreadyThereAsync(string path, ModelOrder order, CancellationToken cancel)
    {
        var sum = order.Sha256 is null ? null : await ModelSums.ComputeAsync(path, null, cancel);
        if (sum is null || sum != order.Sha256)
            throw new ModelException(ModelExit.Exists, $"{path} is there already: remove it, or take another --name.");
        ModelSums.Record(path, sum);
        return new ModelFile(path, HeaderOf(path), new FileInfo(path).Length);
    }

    private async Task<ModelFile> TakeAsync(string part, string path, string? wanted, CancellationToken cancel)
    {
        say("Checking.");
        var sum = await ModelSums.ComputeAsync(part, null, cancel);
        if (wanted is not null && wanted != sum)
        {
            DownloadPart.Remove(part);
            throw new ModelException(ModelExit.WrongHash, $"SHA-256 is {sum}, not {wanted}: removed.");
        }
        GgufHeader header;
        try
        {
            header = HeaderOf(part);
        }
        catch (ModelException)
        {
            DownloadPart.Remove(part);
            throw;
        }
        var model = new ModelFile(path, header, new FileInfo(part).Length);
        ModelSums.Record(path, sum);
        DurableFiles.Move(part, path);
        DownloadPart.Remove(part);
        return model;
    }

    private static GgufHeader HeaderOf(string path)
    {
        try
        {
            return GgufReader.ReadFile(path);
        }
        catch (GgufException wrong)
        {
            throw new ModelException(ModelExit.NotAModel, $"The file is {wrong.Message}: removed.");
        }
    }
}
