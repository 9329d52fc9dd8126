using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChatAi.ChatNode.Ai.Engine.Native;

/// <summary>Keeps llama.cpp's last error line for our messages; the rest of its talk is dropped.</summary>
internal static unsafe class NativeLog
{
    private const int Warning = 3;
    private const int Error = 4;
    private static string? _lastError;

    internal static string? LastError => Volatile.Read(ref _lastError);

    internal static void Forget() => Volatile.Write(ref _lastError, null);

    /// <summary>A message for people: what went wrong and, where the library said why, its own words.</summary>
    internal static string Explain(string what) => LastError is { } why ? $"{what}: {why}" : what;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Receive(int level, byte* text, nint data)
    {
        if (level is not (Warning or Error) || Marshal.PtrToStringUTF8((nint)text) is not { } line)
        {
            return;
        }

        line = line.ReplaceLineEndings(" ").Trim();
        // An error often comes with a warning that follows from it: the error is the reason.
        if (line.Length > 0 && (level == Error || LastError is null))
        {
            Volatile.Write(ref _lastError, line);
        }
    }
}
