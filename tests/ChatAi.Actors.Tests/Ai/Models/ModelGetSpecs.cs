using System.Security.Cryptography;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.Testing.Models;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Ai.Models;

/// <summary><c>model get</c> against a real HTTP server.</summary>
public sealed class ModelGetSpecs : IAsyncLifetime, IProgress<DownloadState>
{
    private const int Size = 600_000;
    private static readonly DownloadSettings AtOnce = new() { WaitFirst = TimeSpan.Zero, WaitMost = TimeSpan.Zero };

    private readonly string _folder = Directory.CreateTempSubdirectory("chatai-get-").FullName;
    private readonly byte[] _bytes = GgufBuilder.ChatFile(Size);
    private readonly List<string> _said = [];
    private Action<DownloadState> _onProgress = _ => { };
    private FileServer _server = null!;

    private string Target => Path.Combine(_folder, "small-talk.gguf");

    private string Part => $"{Target}.part";

    private string Sum => Convert.ToHexStringLower(SHA256.HashData(_bytes));

    public async Task InitializeAsync() => _server = await FileServer.StartAsync(_bytes);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    void IProgress<DownloadState>.Report(DownloadState value) => _onProgress(value);

    private async Task<ModelFile> GetAsync(
        string? sha256 = null,
        string? name = null,
        DownloadSettings? settings = null,
        TimeProvider? time = null,
        CancellationToken cancel = default
    )
    {
        using var http = ModelDownload.Client();
        var download = new ModelDownload(http, settings ?? AtOnce, time ?? TimeProvider.System, this, _said.Add);
        return await new ModelGet(_folder, download, _said.Add).RunAsync(new(_server.Url, sha256, name), cancel);
    }

    private async Task<ModelException> RefusedAsync(ModelExit exit, Func<Task<ModelFile>> get)
    {
        var refused = await Assert.ThrowsAsync<ModelException>(get);
        Assert.Equal(exit, refused.Exit);
        Assert.False(File.Exists(Target));
        return refused;
    }

    private void AssertWhole()
    {
        Assert.Equal(_bytes, File.ReadAllBytes(Target));
        Assert.Equal($"{Sum}  small-talk.gguf\n", File.ReadAllText($"{Target}.sha256"));
        Assert.Equal(
            ["small-talk.gguf", "small-talk.gguf.sha256"],
            Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public async Task Should_fetch_check_and_record()
    {
        var model = await GetAsync(Sum);
        Assert.Equal("Small Talk", model.Header.Name);
        AssertWhole();
    }

    [Fact]
    public async Task Should_go_on_where_a_connection_was_cut()
    {
        _server.NextCutAfter(200_000);
        _server.NextCutAfter(150_000);
        await GetAsync(Sum);
        AssertWhole();
        var requests = _server.Requests.ToList();
        Assert.Equal(3, requests.Count);
        Assert.Null(requests[0].Range);
        Assert.All(requests.Skip(1), r => Assert.Equal("\"one\"", r.IfRange));
        // A cut may lose bytes on their way, never add any.
        Assert.InRange(From(requests[1]), 1, 200_000);
        Assert.InRange(From(requests[2]), From(requests[1]), 350_000);
    }

    private static int From(FileServer.Request request) => int.Parse(request.Range!["bytes=".Length..^1]);

    [Fact]
    public async Task Should_keep_a_part_when_stopped_and_go_on_with_it_later()
    {
        _server.NextStallAfter(100_000);
        using var stop = new CancellationTokenSource();
        _onProgress = state =>
        {
            if (state.Bytes == 100_000)
                stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GetAsync(cancel: stop.Token));
        Assert.Equal(_bytes[..100_000], await File.ReadAllBytesAsync(Part));
        _onProgress = _ => { };
        await GetAsync(Sum);
        AssertWhole();
        Assert.Equal("bytes=100000-", _server.Requests.Last().Range);
    }

    [Fact]
    public async Task Should_begin_anew_where_the_server_knows_no_ranges()
    {
        _server.HonoursRanges = false;
        _server.NextCutAfter(200_000);
        await GetAsync(Sum);
        AssertWhole();
    }

    [Fact]
    public async Task Should_begin_anew_where_the_server_marks_no_versions()
    {
        _server.ETag = null;
        _server.NextCutAfter(200_000);
        await GetAsync(Sum);
        AssertWhole();
        Assert.All(_server.Requests, r => Assert.Null(r.Range));
    }

    [Fact]
    public async Task Should_begin_anew_where_the_file_changed_meanwhile()
    {
        _server.Bytes = GgufBuilder.ChatFile(Size, "Older");
        _server.Next(async context =>
        {
            await _server.SendAsync(context, 200_000);
            (_server.Bytes, _server.ETag) = (_bytes, "\"two\"");
            context.Abort();
        });
        await GetAsync(Sum);
        AssertWhole();
    }

    [Fact]
    public async Task Should_not_join_versions_where_a_server_ignores_the_condition()
    {
        _server.NextCutAfter(200_000);
        // The range, but of another version, and says so.
        _server.Next(context =>
        {
            _server.ETag = "\"two\"";
            context.Request.Headers.IfRange = "\"two\"";
            return _server.SendAsync(context);
        });
        await GetAsync(Sum);
        AssertWhole();
        Assert.Null(_server.Requests.Last().Range);
    }

    [Fact]
    public async Task Should_take_a_part_that_is_whole_already()
    {
        await File.WriteAllBytesAsync(Part, _bytes);
        await File.WriteAllLinesAsync($"{Part}.from", [_server.Url.AbsoluteUri, "\"one\""]);
        await GetAsync(Sum);
        AssertWhole();
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Should_begin_anew_where_the_range_cannot_be_had()
    {
        await File.WriteAllBytesAsync(Part, [.. _bytes, 1, 2, 3]);
        await File.WriteAllLinesAsync($"{Part}.from", [_server.Url.AbsoluteUri, "\"one\""]);
        await GetAsync(Sum);
        AssertWhole();
    }

    [Fact]
    public async Task Should_not_trust_a_part_of_another_address()
    {
        await File.WriteAllBytesAsync(Part, [1, 2, 3]);
        await File.WriteAllLinesAsync($"{Part}.from", ["http://127.0.0.1/other.gguf", "\"one\""]);
        await GetAsync(Sum);
        AssertWhole();
    }

    [Fact]
    public async Task Should_give_a_silent_connection_up_and_try_anew()
    {
        var time = new FakeTimeProvider();
        _server.NextStallAfter(100_000);
        _onProgress = state =>
        {
            if (state.Bytes == 100_000)
                time.Advance(AtOnce.Stall);
        };
        await GetAsync(Sum, time: time);
        AssertWhole();
        Assert.Contains(_said, line => line.StartsWith("Nothing came for 30 s.", StringComparison.Ordinal));
        Assert.Equal("bytes=100000-", _server.Requests.Last().Range);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Should_try_again_where_the_server_may_recover(int status)
    {
        _server.NextStatus(status);
        await GetAsync(Sum);
        AssertWhole();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Should_not_try_again_where_the_server_refuses(int status)
    {
        _server.NextStatus(status);
        var refused = await RefusedAsync(ModelExit.Refused, () => GetAsync());
        Assert.Equal($"The server answered {status}.", refused.Message);
        Assert.Single(_server.Requests);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Should_give_up_after_as_many_failures_in_a_row()
    {
        for (var i = 0; i < AtOnce.Tries; i++)
            _server.NextStatus(503);
        var gaveUp = await RefusedAsync(ModelExit.Network, () => GetAsync());
        Assert.Equal("The server answered 503. Given up after 6 tries.", gaveUp.Message);
        Assert.Equal(AtOnce.Tries, _server.Requests.Count);
    }

    [Fact]
    public async Task Should_give_up_on_a_server_that_always_cuts_at_the_same_place()
    {
        _server.HonoursRanges = false;
        for (var i = 0; i < 20; i++)
            _server.NextCutAfter(0);
        await RefusedAsync(ModelExit.Network, () => GetAsync());
        Assert.Equal(AtOnce.Tries, _server.Requests.Count);
    }

    [Fact]
    public void Should_wait_longer_each_time_and_never_in_step()
    {
        var settings = new DownloadSettings();
        Assert.Equal(
            [0.5, 1, 2, 4, 8, 15, 15],
            Enumerable.Range(1, 7).Select(n => settings.WaitAfter(n, 0).TotalSeconds)
        );
        Assert.Equal(TimeSpan.FromSeconds(30), settings.WaitAfter(60, 1));
    }

    [Fact]
    public async Task Should_follow_redirects_but_not_in_circles()
    {
        _server.NextStatus(302, "/elsewhere/file");
        await GetAsync(Sum);
        AssertWhole();
        Assert.Equal("/elsewhere/file", _server.Requests.Last().Path);
        File.Delete(Target);
        for (var i = 0; i < 20; i++)
            _server.NextStatus(307, "/again");
        await RefusedAsync(ModelExit.Refused, () => GetAsync());
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/file.gguf")]
    [InlineData("file:///etc/passwd")]
    [InlineData(null)]
    public async Task Should_follow_no_redirect_out_of_the_web(string? location)
    {
        _server.NextStatus(302, location);
        await RefusedAsync(ModelExit.Refused, () => GetAsync());
    }

    [Fact]
    public async Task Should_follow_no_redirect_from_https_to_http()
    {
        using var http = new HttpMessageInvoker(new SentOn(_server.Url));
        var download = new ModelDownload(http, AtOnce, TimeProvider.System, this, _said.Add);
        var order = new ModelOrder(new Uri("https://127.0.0.1/small-talk.gguf"), null, null);
        var refused = await RefusedAsync(
            ModelExit.Refused,
            () => new ModelGet(_folder, download, _said.Add).RunAsync(order, default)
        );
        Assert.Contains("from https to http", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Should_name_both_hashes_and_keep_nothing_where_they_differ()
    {
        var other = new string('a', 64);
        var refused = await RefusedAsync(ModelExit.WrongHash, () => GetAsync(other));
        Assert.Contains(Sum, refused.Message, StringComparison.Ordinal);
        Assert.Contains(other, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Should_see_a_web_page_for_what_it_is_at_its_first_bytes()
    {
        _server.Bytes = [.. "<!DOCTYPE html>"u8, .. new byte[4 << 20]];
        _server.NextStallAfter(1_000);
        var refused = await RefusedAsync(ModelExit.NotAModel, () => GetAsync());
        Assert.Contains("not a GGUF file", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Should_refuse_a_file_that_is_shorter_than_its_head_says()
    {
        _server.Bytes = _bytes[..300];
        var refused = await RefusedAsync(ModelExit.NotAModel, () => GetAsync());
        Assert.Contains("not a whole GGUF file", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Should_refuse_what_the_disk_cannot_hold_before_it_comes()
    {
        var small = AtOnce with { FreeBytes = _ => 1_000 };
        var refused = await RefusedAsync(ModelExit.NoRoom, () => GetAsync(settings: small));
        Assert.StartsWith("The disk has 1.0 kB left", refused.Message, StringComparison.Ordinal);
        await RefusedAsync(ModelExit.NoRoom, () => GetAsync(settings: AtOnce with { MostBytes = 1_000 }));
    }

    [Fact]
    public async Task Should_stop_a_body_without_a_length_at_the_limit()
    {
        _server.Next(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(_bytes, context.RequestAborted);
        });
        await RefusedAsync(ModelExit.NoRoom, () => GetAsync(settings: AtOnce with { MostBytes = 2 << 20 }));
    }

    [Fact]
    public async Task Should_leave_a_file_of_that_name_alone()
    {
        await File.WriteAllTextAsync(Target, "mine");
        var refused = await Assert.ThrowsAsync<ModelException>(() => GetAsync());
        Assert.Equal(ModelExit.Exists, refused.Exit);
        Assert.Equal("mine", await File.ReadAllTextAsync(Target));
        await GetAsync(name: "other.gguf");
        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Path.Combine(_folder, "other.gguf")));
    }

    [Fact]
    public async Task Should_be_content_with_a_file_that_is_there_and_right()
    {
        await File.WriteAllBytesAsync(Target, _bytes);
        await GetAsync(Sum);
        Assert.Empty(_server.Requests);
        Assert.Equal(Sum, ModelSums.Recorded(Target));
    }

    [Theory]
    [InlineData("../evil.gguf")]
    [InlineData("evil.bin")]
    [InlineData(".hidden.gguf")]
    [InlineData("a/b.gguf")]
    public async Task Should_refuse_names_that_are_not_plain(string name)
    {
        await RefusedAsync(ModelExit.Usage, () => GetAsync(name: name));
        Assert.Empty(_server.Requests);
    }

    private sealed class SentOn(Uri to) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var answer = new HttpResponseMessage(System.Net.HttpStatusCode.Found);
            answer.Headers.Location = to;
            return Task.FromResult(answer);
        }
    }
}
