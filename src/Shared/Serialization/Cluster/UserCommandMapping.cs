using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Domain.Users.UserCommands;
using Types = ChatAi.Shared.Proto.Cluster.V1.ExecuteForUser.Types;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="UserCommands"/> on their way to the entity.</summary>
internal static class UserCommandMapping
{
    public static Wire.ExecuteForUser ToWire(UserProtocol.Execute m)
    {
        var wire = new Wire.ExecuteForUser { User = m.User.ToWire(), Correlation = m.Correlation };
        switch (m.Command)
        {
            case Register c:
                wire.Register = new() { PhoneNumber = c.PhoneNumber };
                if (c.DisplayName is not null)
                    wire.Register.DisplayName = c.DisplayName;
                break;
            case ChangeProfile c:
                wire.DisplayName = c.DisplayName;
                break;
            case AddDevice c:
                wire.AddDevice = new()
                {
                    Device = c.Device.ToWire(),
                    Name = c.Name,
                    RefreshHash = c.RefreshHash,
                };
                break;
            case RotateRefresh c:
                wire.RotateRefresh = new()
                {
                    Device = c.Device.ToWire(),
                    Presented = c.Presented,
                    Next = c.Next,
                };
                break;
            case RevokeDevice c:
                wire.RevokeDevice = new() { Device = c.Device.ToWire(), Reason = c.Reason };
                break;
            case OpenDirectChat c:
                wire.OpenDirectChat = c.Peer.ToWire();
                break;
            case ReserveRun c:
                wire.ReserveRun = new()
                {
                    Run = c.Run.ToWire(),
                    Chat = c.Chat.ToWire(),
                    Tokens = c.Tokens,
                    RunsPerHour = c.Quota.RunsPerHour,
                    TokensPerDay = c.Quota.TokensPerDay,
                };
                break;
            case SettleRun c:
                wire.SettleRun = new() { Run = c.Run.ToWire() };
                if (c.Tokens is { } tokens)
                    wire.SettleRun.Tokens = tokens;
                break;
            case SetBlocked c:
                wire.SetBlocked = new() { User = c.User.ToWire(), Blocked = c.Blocked };
                break;
            case SetPrivacy c:
                wire.SetLastSeen = c.LastSeen.ToWire();
                break;
            case GoOffline:
                wire.GoOffline = ClusterValues.Empty;
                break;
            default:
                throw ClusterValues.Unknown($"command {m.Command.GetType().Name}");
        }
        return wire;
    }

    public static UserProtocol.Execute ToDomain(Wire.ExecuteForUser wire) =>
        new(wire.User.ToUserId(), CommandOf(wire), wire.Correlation);

    private static IUserCommand CommandOf(Wire.ExecuteForUser wire) =>
        wire.CommandCase switch
        {
            Wire.ExecuteForUser.CommandOneofCase.Register => new Register(
                wire.Register.PhoneNumber,
                wire.Register.HasDisplayName ? wire.Register.DisplayName : null
            ),
            Wire.ExecuteForUser.CommandOneofCase.DisplayName => new ChangeProfile(wire.DisplayName),
            Wire.ExecuteForUser.CommandOneofCase.AddDevice => new AddDevice(
                wire.AddDevice.Device.ToDeviceId(),
                wire.AddDevice.Name,
                wire.AddDevice.RefreshHash
            ),
            Wire.ExecuteForUser.CommandOneofCase.RotateRefresh => new RotateRefresh(
                wire.RotateRefresh.Device.ToDeviceId(),
                wire.RotateRefresh.Presented,
                wire.RotateRefresh.Next
            ),
            Wire.ExecuteForUser.CommandOneofCase.RevokeDevice => new RevokeDevice(
                wire.RevokeDevice.Device.ToDeviceId(),
                wire.RevokeDevice.Reason
            ),
            Wire.ExecuteForUser.CommandOneofCase.OpenDirectChat => new OpenDirectChat(wire.OpenDirectChat.ToUserId()),
            Wire.ExecuteForUser.CommandOneofCase.ReserveRun => ToDomain(wire.ReserveRun),
            Wire.ExecuteForUser.CommandOneofCase.SettleRun => new SettleRun(
                wire.SettleRun.Run.ToRunId(),
                wire.SettleRun.HasTokens ? wire.SettleRun.Tokens : null
            ),
            Wire.ExecuteForUser.CommandOneofCase.SetBlocked => new SetBlocked(
                wire.SetBlocked.User.ToUserId(),
                wire.SetBlocked.Blocked
            ),
            Wire.ExecuteForUser.CommandOneofCase.SetLastSeen => new SetPrivacy(wire.SetLastSeen.ToDomain()),
            Wire.ExecuteForUser.CommandOneofCase.GoOffline => GoOffline.Instance,
            _ => throw ClusterValues.Unknown("command for a user"),
        };

    private static ReserveRun ToDomain(Types.Reserve wire) =>
        new(wire.Run.ToRunId(), wire.Chat.ToChatId(), wire.Tokens, new AiQuota(wire.RunsPerHour, wire.TokensPerDay));
}
