using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace ChatAi.ChatNode.Ai.Engine.Native;

/// <summary>Loads the llama.cpp libraries of one folder into the process, once, and only the release this code was written for.</summary>
internal static unsafe class LlamaLibrary
{
    /// <summary>The release that <see cref="LlamaApi"/>'s signatures and structures belong to.</summary>
    internal const string Release = "v0.4.0";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Handles = [];
    private static string? _loadedFrom;

    /// <summary>Where the build puts the libraries.</summary>
    internal static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "llama");

    /// <exception cref="EngineUnavailableException">They are missing or of another release.</exception>
    internal static void Load(string? folder = null)
    {
        folder = Path.GetFullPath(folder ?? DefaultFolder);
        Refuse(AbiGuard.ComplaintAboutFiles(folder, Release));
        lock (Gate)
        {
            if (_loadedFrom is null)
            {
                LoadOnce(folder);
                _loadedFrom = folder;
            }
        }
    }

    private static void LoadOnce(string folder)
    {
        Refuse(AbiGuard.ComplaintAboutSizes());
        try
        {
            // Before llama: on Windows and macOS it finds ggml as already loaded.
            Handles[LlamaApi.Ggml] = NativeLibrary.Load(FileOf(folder, LlamaApi.Ggml));
            Handles[LlamaApi.Llama] = NativeLibrary.Load(FileOf(folder, LlamaApi.Llama));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new EngineUnavailableException($"the llama.cpp libraries in {folder} do not load: {FirstLine(e)}", e);
        }

        Resolve();
        try
        {
            Refuse(
                AbiGuard.ComplaintAboutVersion(Marshal.PtrToStringUTF8((nint)LlamaApi.llama_version()), Release)
                    ?? AbiGuard.ComplaintAboutDefaults(
                        LlamaApi.llama_model_default_params(),
                        LlamaApi.llama_context_default_params()
                    )
            );
            LlamaApi.llama_log_set(&NativeLog.Receive, 0);
            fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
            {
                LlamaApi.ggml_backend_load_all_from_path(path);
            }

            LlamaApi.llama_backend_init();
        }
        catch (EntryPointNotFoundException e)
        {
            throw new EngineUnavailableException($"the llama.cpp libraries lack a function: {FirstLine(e)}", e);
        }

        if (LlamaApi.ggml_backend_dev_count() == 0)
        {
            throw new EngineUnavailableException($"{folder} has no ggml library that runs on this processor");
        }
    }

    private static bool _resolves;

    private static void Resolve()
    {
        if (!_resolves)
        {
            NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), Handle);
            _resolves = true;
        }

        static nint Handle(string name, Assembly assembly, DllImportSearchPath? path) =>
            Handles.GetValueOrDefault(name);
    }

    /// <summary><c>libllama.v0.4.0.so</c>, <c>libllama.metal.v0.4.0.dylib</c>, <c>llama.v0.4.0.dll</c>.</summary>
    private static string FileOf(string folder, string library) =>
        Directory
            .EnumerateFiles(folder)
            .FirstOrDefault(path =>
                Path.GetFileName(path) is var name
                && (
                    name.StartsWith($"lib{library}.", StringComparison.Ordinal)
                    || name.StartsWith($"{library}.", StringComparison.Ordinal)
                )
                && Path.GetExtension(name) is ".so" or ".dylib" or ".dll"
            )
        ?? throw new EngineUnavailableException($"{folder} has no {library} library");

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();

    private static void Refuse(string? complaint)
    {
        if (complaint is not null)
        {
            throw new EngineUnavailableException(complaint);
        }
    }
}
