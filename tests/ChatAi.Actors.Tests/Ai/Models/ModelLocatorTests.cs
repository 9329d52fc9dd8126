using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Hosting;
using ChatAi.Testing.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAi.Actors.Tests.Ai.Models;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("chatai-models-").FullName;

    private string Folder => Path.Combine(_data, "models");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private ChatAiOptions Options(string provider = "", string? modelPath = null) =>
        new() { DataDir = _data, Ai = { Provider = provider, ModelPath = modelPath } };

    private string Put(string name, byte[] bytes, int age = 0)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 28 - age, 0, 0, 0, DateTimeKind.Utc));
        return path;
    }

    [Fact]
    public void Should_find_the_newest_usable_file_of_the_folder()
    {
        Put("old.gguf", GgufBuilder.ChatFile(), age: 2);
        var newer = Put("newer.gguf", GgufBuilder.ChatFile(), age: 1);
        Put("broken.gguf", [1, 2, 3]);
        Put("half.gguf.part", GgufBuilder.ChatFile());
        var choice = ModelLocator.Find(Options());
        Assert.Equal(newer, choice.File!.Path);
        Assert.Contains("newer.gguf (1K parameters, Q8_0)", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_rather_take_an_older_model_with_a_chat_template()
    {
        var chats = Put("chats.gguf", GgufBuilder.ChatFile(), age: 1);
        var plain = new GgufBuilder().Text("general.architecture", "llama").Tensor("a", 0, 0, 16).Build();
        var newest = Put("plain.gguf", plain);
        Assert.Equal(chats, ModelLocator.Find(Options()).File!.Path);
        File.Delete(chats);
        Assert.Equal(newest, ModelLocator.Find(Options()).File!.Path);
    }

    [Fact]
    public void Should_say_why_there_is_none()
    {
        Assert.Contains($"no .gguf file in {Folder}", ModelLocator.Find(Options()).Reason, StringComparison.Ordinal);
        var broken = Put("broken.gguf", [1, 2, 3]);
        Assert.Contains("not a GGUF file", ModelLocator.Find(Options()).Reason, StringComparison.Ordinal);
        Assert.Contains(
            "not a GGUF file",
            ModelLocator.Find(Options(modelPath: broken)).Reason,
            StringComparison.Ordinal
        );
        var missing = ModelLocator.Find(Options(modelPath: "nowhere/none.gguf"));
        Assert.Equal("there is no nowhere/none.gguf", missing.Reason);
    }

    [Fact]
    public void Should_take_the_file_or_folder_that_is_set()
    {
        var one = Put("one.gguf", GgufBuilder.ChatFile(), age: 1);
        var two = Put("two.gguf", GgufBuilder.ChatFile());
        Assert.Equal(one, ModelLocator.Find(Options(modelPath: one)).File!.Path);
        Assert.Equal(two, ModelLocator.Find(Options(modelPath: Folder)).File!.Path);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("auto", true)]
    [InlineData("llama", false)]
    public void Should_quote_where_there_is_no_model(string provider, bool isWanted)
    {
        var choice = Choose(Options(provider), new Engine(null));
        Assert.IsType<ExtractiveProvider>(choice.Assistant);
        Assert.Equal(isWanted, choice.IsWanted);
        Assert.Contains("no .gguf file in", choice.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("llama")]
    public void Should_use_the_model_or_say_why_not(string provider)
    {
        Put("one.gguf", GgufBuilder.ChatFile());
        var model = new NoAssistant();
        Assert.Same(model, Choose(Options(provider), new Engine(model)).Assistant);

        var choice = Choose(Options(provider), new Engine(null));
        Assert.IsType<ExtractiveProvider>(choice.Assistant);
        Assert.False(choice.IsWanted);
        Assert.Contains("one.gguf", choice.Why, StringComparison.Ordinal);
        Assert.Contains("cannot be used: no libraries", choice.Why, StringComparison.Ordinal);
        Assert.Contains("no engine", Choose(Options(provider), null).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_models_alone_where_another_provider_is_set()
    {
        Put("one.gguf", GgufBuilder.ChatFile());
        var engine = new Engine(new ExtractiveProvider());
        Assert.IsType<ExtractiveProvider>(Choose(Options("extractive"), engine).Assistant);
        Assert.IsType<NoAssistant>(Choose(Options("none"), engine).Assistant);
        Assert.Equal(0, engine.Opened);
    }

    private static ProviderChoice Choose(ChatAiOptions options, ILocalProvider? engine) =>
        AssistantProviders.Choose(options, engine, TimeProvider.System, NullLogger.Instance);

    private sealed class Engine(IAssistant? model) : ILocalProvider
    {
        public int Opened { get; private set; }

        public IAssistant? TryOpen(ModelFile file, out string? whyNot)
        {
            Opened++;
            whyNot = model is null ? "no libraries" : null;
            return model;
        }
    }
}
