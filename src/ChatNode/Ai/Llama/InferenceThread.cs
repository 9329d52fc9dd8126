using System.Runtime.InteropServices;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>A thread that gives way: what people wait for in milliseconds comes before what they wait for in seconds.</summary>
internal static partial class InferenceThread
{
    private const int ProcessOrThread = 0;
    private const int Nice = 15;

    public static Thread Start(string name, Action run)
    {
        var thread = new Thread(() =>
        {
            // Linux knows no priorities of .NET, but a thread's own niceness, which threads that it starts inherit.
            if (OperatingSystem.IsLinux())
                _ = SetPriority(ProcessOrThread, GetThreadId(), Nice);
            run();
        })
        {
            Name = name,
            IsBackground = true,
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return thread;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
