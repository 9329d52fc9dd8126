namespace ChatAi.Containers.Tests.Files;

public sealed class DockerfileTests
{
    [Fact]
    public void Should_keep_the_rules() => Assert.Empty(DockerfileRules.Problems(DockerFolder.Text("Dockerfile")));

    [Fact]
    public void Should_copy_only_what_the_ignore_file_lets_in()
    {
        var kept = File.ReadAllLines(Path.Combine(DockerFolder.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!'))
            .Select(line => line[1..])
            .ToHashSet();
        var sources = DockerFolder
            .Text("Dockerfile")
            .Split('\n')
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from"))
            .SelectMany(line => line.Split(' ')[1..^1])
            .ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.Contains(source.Split('/')[0], kept));
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(DockerFolder.Root, source)), source));
    }

    [Theory]
    [InlineData("USER $APP_UID\n", "", "USER")]
    [InlineData("USER $APP_UID\n", "USER root\n", "USER")]
    [InlineData("USER $APP_UID\n", "USER $APP_UID\nRUN rm -f x\n", "USER")]
    [InlineData("# Both programs", "# syntax=docker/dockerfile:1\n# Both programs", "syntax")]
    [InlineData("WORKDIR /app\n", "WORKDIR /app\nRUN apt-get install -y curl\n", "apt-get")]
    [InlineData("WORKDIR /app\n", "WORKDIR /app\nRUN <<END\ntrue\nEND\n", "heredoc")]
    [InlineData("COPY --from=build", "COPY --link --from=build", "--link")]
    [InlineData("RUN dotnet restore", "RUN --mount=type=cache,target=/root/.nuget dotnet restore", "--mount")]
    [InlineData("WORKDIR /source\n", "WORKDIR /source\nCOPY src/ src/\n", "before the restore")]
    [InlineData("aspnet:10.0 AS lighthouse", "aspnet:9.0 AS lighthouse", "aspnet:9.0")]
    [InlineData("aspnet:10.0 AS chatnode", "sdk:10.0 AS chatnode", "last stage")]
    [InlineData("ENV ", "ENV ChatAi__Auth__SigningKey=YQ== ", "SigningKey")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"Lighthouse.dll\"]", "ENTRYPOINT dotnet Lighthouse.dll", "SIGTERM")]
    [InlineData("\"health\"]", "\"version\"]", "HEALTHCHECK")]
    public void Should_see_a_broken_rule(string good, string bad, string named)
    {
        var text = DockerFolder.Text("Dockerfile");
        Assert.Contains(good, text, StringComparison.Ordinal);

        var problems = DockerfileRules.Problems(text.Replace(good, bad, StringComparison.Ordinal)).ToList();

        Assert.Contains(problems, problem => problem.Contains(named, StringComparison.Ordinal));
    }
}
