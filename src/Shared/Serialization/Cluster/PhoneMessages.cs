using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.PhoneProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="PhoneProtocol"/>.</summary>
internal static class PhoneMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of<IssueCode, Wire.PhoneCode>(
            "phone.issue-code",
            Wire.PhoneCode.Parser,
            m => new() { Phone = m.Phone, Code = m.Code },
            w => new(w.Phone, w.Code)
        ),
        ClusterType.Of<CodeIssued, Wire.CodeIssued>(
            "phone.code-issued",
            Wire.CodeIssued.Parser,
            m => new() { Phone = m.Phone, ExpiresInSeconds = m.ExpiresInSeconds },
            w => new(w.Phone, w.ExpiresInSeconds)
        ),
        ClusterType.Of<CheckCode, Wire.PhoneCode>(
            "phone.check-code",
            Wire.PhoneCode.Parser,
            m => new() { Phone = m.Phone, Code = m.Code },
            w => new(w.Phone, w.Code)
        ),
        ClusterType.Of<CodeAccepted, Wire.PhoneOwner>(
            "phone.code-accepted",
            Wire.PhoneOwner.Parser,
            m => new() { Phone = m.Phone, User = m.User.ToWire() },
            w => new(w.Phone, w.User.ToUserId())
        ),
        ClusterType.Of<GetOwner, Wire.GetOwner>(
            "phone.get-owner",
            Wire.GetOwner.Parser,
            m => new() { Phone = m.Phone },
            w => new(w.Phone)
        ),
        ClusterType.Of<OwnerFound, Wire.PhoneOwner>(
            "phone.owner",
            Wire.PhoneOwner.Parser,
            m =>
            {
                var wire = new Wire.PhoneOwner { Phone = m.Phone };
                if (m.User is { } user)
                    wire.User = user.ToWire();
                return wire;
            },
            w => new(w.Phone, w.HasUser ? w.User.ToUserId() : null)
        ),
        ClusterType.Of<Refused, Wire.RefusedForPhone>(
            "phone.refused",
            Wire.RefusedForPhone.Parser,
            m => new() { Phone = m.Phone, Rejection = m.Rejection.ToWire() },
            w => new(w.Phone, w.Rejection.ToDomain())
        ),
    ];
}
