using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Accounts;

/// <param name="Code">Null unless <c>ChatAi:Auth:RevealCodes</c> is on.</param>
public sealed record CodeSent(int ExpiresInSeconds, string? Code);

/// <param name="Device">What the person calls it.</param>
/// <param name="DisplayName">Counts only when the number is new.</param>
public sealed record SignInRequest(string Phone, string Code, string Device, string? DisplayName);

/// <summary>A pair of tokens and whom they speak for.</summary>
public sealed record SignedIn(string AccessToken, string RefreshToken, int ExpiresInSeconds, Person User);

/// <summary>A user as somebody sees them.</summary>
/// <param name="PhoneNumber">E.164; null for everyone but themselves.</param>
public sealed record Person(UserId Id, string? PhoneNumber, string DisplayName)
{
    /// <summary>Null for everyone but themselves.</summary>
    public LastSeen? LastSeen { get; init; }
}

/// <summary>Null leaves a value as it is.</summary>
public sealed record ProfileChange(string? DisplayName, LastSeen? LastSeen);

public sealed record DeviceList(IReadOnlyList<Device> Devices);

/// <summary>Signing in and out, and who somebody is.</summary>
public sealed class AccountOperations(
    AccountEntities entities,
    AccessTokens tokens,
    SignedInDevices signedIn,
    ICodeSender sender,
    TimeProvider time,
    ILogger<AccountOperations> log,
    IOptions<ChatAiOptions> options
)
{
    private readonly ChatAiOptions _options = options.Value;

    private bool Reveals => _options.Auth.RevealCodes ?? _options.IsOneMachine;

    /// <summary>Sends a one-time code. The answer is the same whether anybody has the number or not.</summary>
    public async Task<Outcome<CodeSent>> RequestCodeAsync(string typedPhone, CancellationToken cancel)
    {
        var (phone, refused) = Normalize(typedPhone);
        if (phone is null)
            return refused!;
        var code = OneTimeCodes.New();
        var issued = await entities.AskAsync<PhoneProtocol.CodeIssued>(
            new PhoneProtocol.IssueCode(phone, code),
            cancel
        );
        if (!issued.IsOk)
            return issued.Rejection;
        // Where the answer shows the code, the log need not; a webhook was asked for and gets it all the same.
        if (
            (!Reveals || _options.Auth.CodeWebhook is { Length: > 0 })
            && await SendAsync(phone, code, cancel) is { } unsent
        )
            return unsent;
        return new CodeSent(issued.Value.ExpiresInSeconds, Reveals ? code : null);
    }

    private async Task<Rejection?> SendAsync(string phone, string code, CancellationToken cancel)
    {
        try
        {
            await sender.SendAsync(phone, code, cancel);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            log.LogError(e, "A one-time code could not be sent");
            return new Rejection(ErrorCode.Internal, "The code could not be sent.");
        }
    }

    /// <summary>Code → tokens; the first success for a number makes its user.</summary>
    public async Task<Outcome<SignedIn>> SignInAsync(SignInRequest request, CancellationToken cancel)
    {
        // All that can be refused is refused before the code is spent.
        var (phone, refused) = Normalize(request.Phone);
        refused ??= AccountRules.CheckDeviceName(request.Device) ?? AccountRules.CheckDisplayName(request.DisplayName);
        if (refused is not null)
            return refused;
        var check = new PhoneProtocol.CheckCode(phone!, AccountRules.CodeAsTyped(request.Code));
        var accepted = await entities.AskAsync<PhoneProtocol.CodeAccepted>(check, cancel);
        if (!accepted.IsOk)
            return accepted.Rejection;
        var user = accepted.Value.User;
        var registered = await entities.ExecuteAsync(
            user,
            new UserCommands.Register(phone!, request.DisplayName),
            cancel
        );
        if (!registered.IsOk)
            return registered.Rejection;
        var refresh = RefreshToken.New(user, DeviceId.New(time.GetUtcNow()));
        var add = new UserCommands.AddDevice(refresh.Device, request.Device.Trim(), refresh.Hash);
        var added = await entities.ExecuteAsync(user, add, cancel);
        return added.IsOk ? await PairAsync(refresh, cancel) : added.Rejection;
    }

    /// <summary>A refresh token works once; the user's entity signs the device out when it is shown again.</summary>
    public async Task<Outcome<SignedIn>> RefreshAsync(string refreshToken, CancellationToken cancel)
    {
        if (RefreshToken.Parse(refreshToken) is not { } shown)
            return AccountRules.BadRefreshToken;
        var next = RefreshToken.New(shown.User, shown.Device);
        var rotate = new UserCommands.RotateRefresh(shown.Device, shown.Hash, next.Hash);
        var rotated = await entities.ExecuteAsync(shown.User, rotate, cancel);
        if (rotated.IsOk)
            return await PairAsync(next, cancel);
        if (rotated.Rejection.Code == ErrorCode.Unauthenticated)
            signedIn.Forget(shown.Device);
        return rotated.Rejection.Code == ErrorCode.NotFound ? AccountRules.BadRefreshToken : rotated.Rejection;
    }

    private async Task<Outcome<SignedIn>> PairAsync(RefreshToken refresh, CancellationToken cancel)
    {
        var me = await MeAsync(refresh.User, cancel);
        if (!me.IsOk)
            return me.Rejection;
        var access = tokens.Issue(refresh.User, refresh.Device);
        return new SignedIn(access, refresh.ToString(), (int)tokens.Lifetime.TotalSeconds, me.Value);
    }

    /// <summary>Signs a device out: its tokens and sockets end.</summary>
    public async Task<Rejection?> RevokeAsync(UserId user, DeviceId device, string reason, CancellationToken cancel)
    {
        var revoked = await entities.ExecuteAsync(user, new UserCommands.RevokeDevice(device, reason), cancel);
        signedIn.Forget(device);
        return revoked.Rejection;
    }

    /// <summary>Oldest first.</summary>
    public async Task<Outcome<DeviceList>> DevicesAsync(UserId user, CancellationToken cancel)
    {
        var profile = await entities.ProfileAsync(user, cancel);
        return profile.IsOk ? new DeviceList([.. profile.Value.Devices.OrderBy(d => d.CreatedAt)]) : profile.Rejection;
    }

    public async Task<Outcome<Person>> MeAsync(UserId user, CancellationToken cancel)
    {
        var profile = await entities.ProfileAsync(user, cancel);
        return profile.IsOk
            ? new Person(user, profile.Value.PhoneNumber, profile.Value.DisplayName)
            {
                LastSeen = profile.Value.LastSeen,
            }
            : profile.Rejection;
    }

    /// <summary>All that can be refused is the name, and it comes first: a refused change has changed nothing.</summary>
    public async Task<Outcome<Person>> ChangeAsync(UserId user, ProfileChange change, CancellationToken cancel)
    {
        List<IUserCommand> commands = [];
        if (change.DisplayName is { } name)
            commands.Add(new UserCommands.ChangeProfile(name));
        if (change.LastSeen is { } lastSeen)
            commands.Add(new UserCommands.SetPrivacy(lastSeen));
        foreach (var command in commands)
        {
            var changed = await entities.ExecuteAsync(user, command, cancel);
            if (!changed.IsOk)
                return changed.Rejection;
        }
        return await MeAsync(user, cancel);
    }

    /// <summary>Another person, or oneself: the number is shown only to its owner.</summary>
    public async Task<Outcome<Person>> PersonAsync(UserId user, UserId by, CancellationToken cancel)
    {
        if (user.IsAssistant)
            return new Person(user, null, UserId.AssistantName);
        var found = await MeAsync(user, cancel);
        return found.IsOk && user != by ? found.Value with { PhoneNumber = null, LastSeen = null } : found;
    }

    public async Task<Outcome<Person>> LookUpAsync(string typedPhone, UserId by, CancellationToken cancel)
    {
        var (phone, refused) = Normalize(typedPhone);
        if (phone is null)
            return refused!;
        var owner = await entities.AskAsync<PhoneProtocol.OwnerFound>(new PhoneProtocol.GetOwner(phone), cancel);
        if (!owner.IsOk)
            return owner.Rejection;
        return owner.Value.User is { } user
            ? await PersonAsync(user, by, cancel)
            : new Rejection(ErrorCode.NotFound, "Nobody here has this number.");
    }

    private (string? E164, Rejection? Rejection) Normalize(string typed) =>
        PhoneNumberText.Normalize(typed, _options.Auth.DefaultRegion, Reveals ? PhoneRule.Possible : PhoneRule.Valid);
}
