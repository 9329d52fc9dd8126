using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

public static partial class ChatDecider
{
    private static Decision DecideCreate(ChatState state, CreateChat create, DecisionContext context)
    {
        if (state.Exists)
            return state.MemberOrNull(create.By) is null ? NoSuchChat() : Accept(ChatAnswer.Chat.Instance);
        if (create.Type is not (ChatType.OneToOne or ChatType.Group))
            return Refuse(ErrorCode.BadRequest, "type is 1_to_1 or group.");
        var others = create.Members.Where(user => user != create.By).Distinct().ToList();
        if (create.Type == ChatType.OneToOne && others.Count != 1)
            return Refuse(ErrorCode.BadRequest, "A 1_to_1 chat has one other member.");
        if (create.Type == ChatType.Group && others.Count >= Limits.GroupMembers)
            return Refuse(ErrorCode.TooLarge, $"A group has at most {Limits.GroupMembers} members.");
        if (create.Type == ChatType.Group && others.Contains(UserId.Assistant))
            return Refuse(ErrorCode.BadRequest, "The assistant is in every chat; it cannot be added.");
        var title = create.Title?.Trim();
        if (title is not null && create.Type == ChatType.OneToOne)
            return Refuse(ErrorCode.BadRequest, "A 1_to_1 chat has no title.");
        if (CheckTitle(title) is { } refused)
            return refused;
        var group = create.Type == ChatType.Group;
        List<NewMember> members = [new(create.By, group ? MemberRole.Owner : MemberRole.Member)];
        members.AddRange(others.Select(user => new NewMember(user, MemberRole.Member)));
        return Accept(
            ChatAnswer.Chat.Instance,
            new ChatCreated(1, create.Type, title, create.By, members, context.Now)
        );
    }

    private static Decision? CheckTitle(string? title)
    {
        if (title is null)
            return null;
        if (title.Length == 0 || !TextRules.IsStorable(title))
            return Refuse(ErrorCode.BadRequest, "A title must not be empty and must be valid Unicode.");
        return title.Length > Limits.TitleLength
            ? Refuse(ErrorCode.TooLarge, $"A title has at most {Limits.TitleLength} UTF-16 units.")
            : null;
    }

    private static Decision? CheckGroupRight(ChatState state, Member by, MemberRole least)
    {
        if (state.Type != ChatType.Group)
            return Refuse(ErrorCode.BadRequest, "Only a group has members to manage and a title.");
        return by.Role < least ? Refuse(ErrorCode.Forbidden, "Your role in this group does not allow that.") : null;
    }

    private static Decision DecideAdd(ChatState state, Member by, AddMembers add, DecisionContext context)
    {
        if (CheckGroupRight(state, by, MemberRole.Admin) is { } refused)
            return refused;
        var users = add.Users.Distinct().Where(user => state.MemberOrNull(user) is null).ToList();
        if (users.Contains(UserId.Assistant))
            return Refuse(ErrorCode.BadRequest, "The assistant is in every chat; it cannot be added.");
        if (state.Members.Count + users.Count > Limits.GroupMembers)
            return Refuse(ErrorCode.TooLarge, $"A group has at most {Limits.GroupMembers} members.");
        var events = users
            .Select((user, i) => new MemberAdded(state.Head + 1 + i, user, MemberRole.Member, by.User, context.Now))
            .ToList<IChatEvent>();
        return Accept(new ChatAnswer.Numbered(state.Head + events.Count), events);
    }

    private static Decision DecideRemove(ChatState state, Member by, RemoveMember remove, DecisionContext context)
    {
        var leaving = remove.User == by.User;
        if (CheckGroupRight(state, by, leaving ? MemberRole.Member : MemberRole.Admin) is { } refused)
            return refused;
        if (state.MemberOrNull(remove.User) is not { } member)
            return Refuse(ErrorCode.NotFound, "This person is not in the group.");
        if (!leaving && member.Role >= by.Role)
            return Refuse(ErrorCode.Forbidden, "Only a higher role may remove this member.");
        var seq = state.Head;
        var events = new List<IChatEvent>();
        var isLastOwner =
            member.Role == MemberRole.Owner && state.Members.Values.Count(m => m.Role == MemberRole.Owner) == 1;
        // A group is never without an owner: the highest and longest-standing of the others takes over.
        var heir = isLastOwner
            ? state
                .Members.Values.Where(m => m.User != member.User)
                .OrderByDescending(m => m.Role)
                .ThenBy(m => m.From)
                .ThenBy(m => m.User.Value)
                .FirstOrDefault()
            : null;
        if (heir is not null)
            events.Add(new MemberRoleChanged(++seq, heir.User, MemberRole.Owner, by.User, context.Now));
        events.Add(new MemberRemoved(++seq, member.User, by.User, context.Now));
        events.AddRange(
            state
                .Runs.Values.Where(run => run.By == member.User)
                .OrderBy(run => run.Run.Value)
                .Select(run => new AiRunCancelled(run.Run, by.User, context.Now))
        );
        return Accept(new ChatAnswer.Numbered(seq), events);
    }

    private static Decision DecideRole(ChatState state, Member by, ChangeRole change, DecisionContext context)
    {
        if (CheckGroupRight(state, by, MemberRole.Owner) is { } refused)
            return refused;
        if (state.MemberOrNull(change.User) is not { } member)
            return Refuse(ErrorCode.NotFound, "This person is not in the group.");
        if (change.Role is not (MemberRole.Member or MemberRole.Admin or MemberRole.Owner))
            return Refuse(ErrorCode.BadRequest, "role is owner, admin or member.");
        if (member.Role == change.Role)
            return Accept(new ChatAnswer.Numbered(state.Head));
        if (member.Role == MemberRole.Owner && state.Members.Values.Count(m => m.Role == MemberRole.Owner) == 1)
            return Refuse(ErrorCode.Conflict, "A group needs an owner: make another member owner first.");
        var seq = state.Head + 1;
        return Accept(
            new ChatAnswer.Numbered(seq),
            new MemberRoleChanged(seq, member.User, change.Role, by.User, context.Now)
        );
    }

    private static Decision DecideSet(ChatState state, Member by, SetChat set, DecisionContext context)
    {
        var seq = state.Head;
        var events = new List<IChatEvent>();
        if (set.Title is not null)
        {
            var title = set.Title.Trim();
            if ((CheckGroupRight(state, by, MemberRole.Admin) ?? CheckTitle(title)) is { } refused)
                return refused;
            if (title != state.Title)
                events.Add(new ChatUpdated(++seq, title, by.User, context.Now));
        }
        var policy = new AiPolicyChanged(
            seq + 1,
            set.AiEnabled ?? state.AiEnabled,
            by.User,
            context.Now,
            set.AiSummon ?? state.Control.Summon,
            set.AiUnasked ?? state.Control.Unasked
        );
        if (
            (policy.Enabled, policy.Summon, policy.Unasked)
            != (state.AiEnabled, state.Control.Summon, state.Control.Unasked)
        )
        {
            if (state.Type == ChatType.Group && by.Role < MemberRole.Admin)
                return Refuse(ErrorCode.Forbidden, "Your role in this group does not allow that.");
            events.Add(policy);
            seq++;
            if (!policy.Enabled && state.AiEnabled)
                events.AddRange(
                    state
                        .Runs.Keys.OrderBy(run => run.Value)
                        .Select(run => new AiRunCancelled(run, by.User, context.Now))
                );
        }
        var settings = new MemberSettingsChanged(
            by.User,
            set.Muted ?? by.Muted,
            set.Archived ?? by.Archived,
            set.Pinned ?? by.Pinned,
            context.Now
        );
        if ((settings.Muted, settings.Archived, settings.Pinned) != (by.Muted, by.Archived, by.Pinned))
            events.Add(settings);
        return Accept(ChatAnswer.Chat.Instance, events);
    }
}
