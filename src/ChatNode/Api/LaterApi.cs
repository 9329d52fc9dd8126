using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>Calls of protocol v1 that this version does not carry out: 501 with <c>unsupported</c>, never a bare 404.</summary>
public static class LaterApi
{
    private static readonly Rejection NotYet = new(ErrorCode.Unsupported, "This server does not carry out this call.");

    public static void MapLater(this RouteGroupBuilder v1)
    {
        v1 = v1.MapGroup("").ExcludeFromDescription();
        v1.MapDelete("/me", Refuse);
    }

    private static IResult Refuse(HttpContext http) => new Problem(NotYet);
}
