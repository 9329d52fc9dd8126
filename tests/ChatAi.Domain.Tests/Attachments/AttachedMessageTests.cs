using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Domain.Tests.Attachments;

public sealed class AttachedMessageTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly UserId Ann = UserId.New(Now);
    private static readonly UserId Bob = UserId.New(Now);

    private readonly ChatState _state = new();

    public AttachedMessageTests() => Do(new ChatCommands.CreateChat(Ann, ChatType.Group, [Bob], "G"));

    private static Attachment File(string name = "a.png") =>
        new(AttachmentId.New(Now), new string('0', 64), "c", 5, "image/png", name);

    private static ChatCommands.SendMessage Send(string text, params Attachment[] files) =>
        new(Ann, new ClientMessageId(Guid.CreateVersion7()), text, null)
        {
            AttachmentIds = [.. files.Select(f => f.Id)],
            Attachments = files,
        };

    private Decision Do(IChatCommand command)
    {
        var decision = ChatDecider.Decide(_state, command, new DecisionContext(Now, Guid.CreateVersion7));
        foreach (var e in (decision as Decision.Accepted)?.Events ?? [])
            _state.Apply(e);
        return decision;
    }

    private static string CodeOf(Decision decision) => ((Decision.Refused)decision).Rejection.Code;

    [Fact]
    public void Should_do_without_words_where_there_are_files()
    {
        Assert.Equal(ErrorCode.BadRequest, CodeOf(Do(Send(""))));
        Assert.IsType<Decision.Accepted>(Do(Send("", File(), File("b.png"))));
        Assert.Equal("📎 a.png +1", _state.LastMessagePreview);
        Do(Send("look", File()));
        Assert.Equal("📎 look", _state.LastMessagePreview);
    }

    [Fact]
    public void Should_refuse_files_that_may_not_be_used_twice_named_or_too_many()
    {
        var (one, two) = (File(), File());
        Assert.Equal(ErrorCode.BadRequest, CodeOf(Do(Send("x", one, two) with { Attachments = [one] })));
        Assert.Equal(ErrorCode.BadRequest, CodeOf(Do(Send("x", one, one))));
        var many = Enumerable.Range(0, Limits.Attachments + 1).Select(_ => File()).ToArray();
        Assert.Equal(ErrorCode.TooLarge, CodeOf(Do(Send("x", many))));
    }

    [Fact]
    public void Should_know_a_repeat_by_its_files_even_when_they_are_uploads_no_more()
    {
        var send = Send("", File());
        Do(send);
        var again = (Decision.Accepted)Do(send with { Attachments = [] });
        Assert.True(((ChatAnswer.Sent)again.Answer).Duplicate);
        Assert.Equal(ErrorCode.Conflict, CodeOf(Do(send with { AttachmentIds = [] })));
    }

    [Fact]
    public void Should_keep_files_when_edited_and_nothing_of_them_when_deleted()
    {
        Do(Send("words", File("secret plan.png")));
        var seq = _state.Head;
        Do(new ChatCommands.EditMessage(Ann, seq, "other words"));
        Assert.Single(_state.Recent.Find(seq)!.Attachments);
        Do(new ChatCommands.DeleteMessage(Ann, seq));
        Assert.Empty(_state.Recent.Find(seq)!.Attachments);
        Assert.All(
            _state.Events.Range(0, long.MaxValue).OfType<ChatEvents.MessageSent>(),
            sent => Assert.Empty(sent.Attachments)
        );
        Assert.DoesNotContain("secret", _state.LastMessagePreview, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ask_the_assistant_nothing_by_a_file_name()
    {
        var accepted = (Decision.Accepted)Do(Send("", File("@AI summarize.txt")));
        Assert.Single(accepted.Events);
        Assert.Equal("look\n[file: a.png, image/png]", Attachment.Transcript("look", [File()]));
    }
}
