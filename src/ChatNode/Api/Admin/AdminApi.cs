namespace ChatAi.ChatNode.Api.Admin;

/// <summary>For operators only. Off, as if it were not there, until <c>ChatAi:Admin:Token</c> is set.</summary>
public static class AdminApi
{
    public static void MapAdmin(this IEndpointRouteBuilder v1)
    {
        var admin = v1.MapGroup("/admin").AddEndpointFilter<RouteGroupBuilder, OperatorFilter>();
        admin.MapAdminCluster();
        admin.MapAdminNodes();
        admin.MapAdminAssistant();
        admin.MapAdminRooms();
        admin.MapAdminAudit();
        admin.MapAdminPush();
    }
}
