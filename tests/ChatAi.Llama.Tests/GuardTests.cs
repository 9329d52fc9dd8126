using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.Llama.Tests;

public sealed class GuardTests(LlamaFixture models) : IClassFixture<LlamaFixture>
{
    [Fact]
    public void Should_refuse_a_folder_that_is_not_there_in_one_line()
    {
        Assert.False(LlamaEngines.Available(out var reason, Path.Combine(models.Folder("empty"), "nowhere")));

        Assert.Contains("nowhere", reason, StringComparison.Ordinal);
        Assert.Contains("does not exist", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_folder_without_the_name_of_the_release()
    {
        Assert.False(LlamaEngines.Available(out var reason, models.Folder("bare")));

        Assert.Contains(AbiGuard.MetadataFile, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"buildOptions":{"llamaCpp":{"repo":"ggml-org/llama.cpp","release":"v0.5.0"}}}""", "v0.5.0")]
    [InlineData("""{"buildOptions":{}}""", "unknown release")]
    [InlineData("no json", "unknown release")]
    public void Should_refuse_another_release_before_anything_of_it_is_loaded(string metadata, string named)
    {
        var folder = models.Folder($"release-{metadata.Length}");
        File.WriteAllText(Path.Combine(folder, AbiGuard.MetadataFile), metadata);

        Assert.False(LlamaEngines.Available(out var reason, folder));

        Assert.Contains(named, reason, StringComparison.Ordinal);
        Assert.Contains(LlamaLibrary.Release, reason, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Should_know_the_defaults_of_the_pinned_release_and_no_others()
    {
        LlamaFixture.SkipWithoutLibraries();
        var model = LlamaApi.llama_model_default_params();
        var context = LlamaApi.llama_context_default_params();
        Assert.Null(AbiGuard.ComplaintAboutDefaults(model, context));

        var shifted = context;
        (shifted.Sequences, shifted.Outputs) = (context.Outputs, context.Sequences);
        Assert.NotNull(AbiGuard.ComplaintAboutDefaults(model, shifted));
        var other = model;
        other.GpuLayers = 999;
        Assert.NotNull(AbiGuard.ComplaintAboutDefaults(other, context));
        Assert.NotNull(AbiGuard.ComplaintAboutVersion("0.4.1", LlamaLibrary.Release));
        Assert.NotNull(AbiGuard.ComplaintAboutVersion(null, LlamaLibrary.Release));
    }

    [SkippableFact]
    public void Should_say_why_a_model_does_not_open()
    {
        LlamaFixture.SkipWithoutLibraries();
        var broken = Path.Combine(models.Folder("models"), "broken.gguf");
        File.WriteAllBytes(broken, File.ReadAllBytes(models.Model())[..100_000]);

        Assert.Null(LlamaEngines.TryOpen(new LlamaEngineOptions { ModelPath = "missing.gguf" }, out var missing));
        Assert.Null(LlamaEngines.TryOpen(new LlamaEngineOptions { ModelPath = broken }, out var half));
        Assert.Null(
            LlamaEngines.TryOpen(new LlamaEngineOptions { ModelPath = models.Model(), Sequences = 257 }, out var many)
        );

        Assert.Contains("missing.gguf", missing, StringComparison.Ordinal);
        Assert.Contains("the model broken.gguf does not load: ", half, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", half, StringComparison.Ordinal);
        Assert.Contains("256", many, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 3, 1)]
    [InlineData(0, 8, 4)]
    [InlineData(8, 2, 1)]
    [InlineData(8, 8, 4)]
    [InlineData(3, 8, 3)]
    public void Should_leave_cores_to_the_rest_of_the_program(int wanted, int cores, int threads) =>
        Assert.Equal(threads, LlamaEngineOptions.ThreadsFor(wanted, cores));
}
