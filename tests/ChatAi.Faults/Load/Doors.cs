namespace ChatAi.Faults.Load;

/// <summary>The nodes that take clients. Which of them live, a client finds out by trying.</summary>
public sealed class Doors(IReadOnlyList<Uri> urls)
{
    public IReadOnlyList<Uri> Urls { get; } = urls;

    public Uri At(int door) => Urls[(int)((uint)door % (uint)Urls.Count)];
}
