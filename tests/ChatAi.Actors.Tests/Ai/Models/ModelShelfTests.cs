using System.Security.Cryptography;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Hosting;
using ChatAi.Testing.Models;

namespace ChatAi.Actors.Tests.Ai.Models;

public sealed class ModelShelfTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("chatai-shelf-").FullName;
    private readonly StringWriter _output = new();
    private readonly byte[] _bytes = GgufBuilder.ChatFile();

    private string Folder => Path.Combine(_data, "models");

    private string Sum => Convert.ToHexStringLower(SHA256.HashData(_bytes));

    private ModelShelf Shelf => new(new ChatAiOptions { DataDir = _data }, _output);

    public ModelShelfTests() => Directory.CreateDirectory(Folder);

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private string Put(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public async Task Should_list_what_is_there_and_mark_what_would_be_used()
    {
        ModelSums.Record(Put("good.gguf", _bytes), Sum);
        Put("bad.gguf", [1, 2, 3, 4]);
        await Shelf.ListAsync();
        var lines = _output.ToString().Split('\n');
        var good = Assert.Single(lines, l => l.Contains("good.gguf  ", StringComparison.Ordinal));
        Assert.Matches(@"^\*\s+good\.gguf\s+llama\s+1K\s+Q8_0\s+2048\s+4\.\d kB\s+yes\s+yes$", good);
        Assert.Contains(lines, l => l.StartsWith("!  bad.gguf", StringComparison.Ordinal));
        Assert.StartsWith("Would be used (*): ", lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_verify_against_the_record_and_make_one_on_wish()
    {
        var path = Put("good.gguf", _bytes);
        Assert.Equal(ModelExit.Done, await Shelf.VerifyAsync(null, record: false, default));
        Assert.Null(ModelSums.Recorded(path));
        Assert.Equal(ModelExit.Done, await Shelf.VerifyAsync("good.gguf", record: true, default));
        Assert.Equal(Sum, ModelSums.Recorded(path));
        _bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, _bytes);
        Assert.Equal(ModelExit.WrongHash, await Shelf.VerifyAsync(null, record: true, default));
        Assert.Equal(
            ["not recorded (--record writes it down)", "recorded now", "is recorded"],
            _output
                .ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l =>
                    l[(l.LastIndexOf(", ", StringComparison.Ordinal) + 2)..]
                        .Replace("but " + ModelSums.Recorded(path) + " ", "", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Should_say_what_is_no_model_and_what_is_not_there()
    {
        Put("bad.gguf", [1, 2, 3, 4]);
        Assert.Equal(ModelExit.NotAModel, await Shelf.VerifyAsync(null, record: true, default));
        var missing = await Assert.ThrowsAsync<ModelException>(() => Shelf.VerifyAsync("none.gguf", false, default));
        Assert.Equal(ModelExit.Usage, missing.Exit);
    }

    [Fact]
    public void Should_read_the_words_of_the_command()
    {
        var sum = new string('A', 64);
        var get = ModelArguments.Parse([
            "get",
            "http://a/b.gguf",
            "--sha256",
            sum,
            "--name=c.gguf",
            "--ChatAi:DataDir",
            "x",
        ]);
        Assert.Equal(new ModelOrder(new Uri("http://a/b.gguf"), new string('a', 64), "c.gguf"), get.Order);
        Assert.Equal(
            new ModelArguments("verify", Name: "n", Record: true),
            ModelArguments.Parse(["verify", "n", "--record"])
        );
        foreach (
            string[] wrong in new string[][]
            {
                [],
                ["get"],
                ["get", "x"],
                ["get", "http://a", "--sha256", "12"],
                ["list", "--all"],
                ["fetch"],
            }
        )
            Assert.Equal(ModelExit.Usage, Assert.Throws<ModelException>(() => ModelArguments.Parse(wrong)).Exit);
    }
}
