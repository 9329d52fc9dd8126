using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Attachments;

/// <summary>Files of messages; goes with <c>AddReadModel</c>, whose database has the books.</summary>
public static class AttachmentHosting
{
    public const string DefaultFolder = "attachments";

    public static string FolderOf(ChatAiOptions options) =>
        options.Attachments.Folder is { Length: > 0 } folder ? folder : Path.Combine(options.DataDir, DefaultFolder);

    public static IServiceCollection AddAttachments(this IServiceCollection services, ChatAiOptions options)
    {
        services.AddSingleton(options.Attachments);
        services.AddSingleton<IUploads, SqlUploads>();
        services.AddSingleton(s => new AttachmentFolder(FolderOf(options), s.GetRequiredService<TimeProvider>()));
        if (options.Attachments.Store == "s3")
            services.AddSingleton<IAttachmentStore>(_ => new S3Store(options.Attachments.S3));
        else
            services.AddSingleton<IAttachmentStore>(s => new FolderStore(
                s.GetRequiredService<AttachmentFolder>().Path
            ));
        services.AddSingleton<Uploader>();
        services.AddSingleton(s => new ContentSweep(
            s.GetRequiredService<ReadStore>(),
            s.GetRequiredService<JournalReader>().HighestOrderingAsync,
            s.GetRequiredService<IAttachmentStore>(),
            s.GetRequiredService<TimeProvider>()
        ));
        if (NodeRoles.Of(options.Cluster).Gateway)
            services.AddHostedService<AttachmentSweeper>();
        return services;
    }
}
