using System.Runtime.InteropServices;

namespace ChatAi.ChatNode.Ai.Engine.Native;

/// <summary>What is called of llama.cpp, by its own names. <see cref="LlamaLibrary.Load"/> comes first.</summary>
internal static unsafe partial class LlamaApi
{
    internal const string Llama = "llama";
    internal const string Ggml = "ggml";

    [LibraryImport(Ggml)]
    internal static partial void ggml_backend_load_all_from_path(byte* folder);

    [LibraryImport(Ggml)]
    internal static partial nuint ggml_backend_dev_count();

    [LibraryImport(Llama)]
    internal static partial byte* llama_version();

    [LibraryImport(Llama)]
    internal static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, nint, void> callback, nint data);

    [LibraryImport(Llama)]
    internal static partial void llama_backend_init();

    [LibraryImport(Llama)]
    internal static partial ModelParams llama_model_default_params();

    [LibraryImport(Llama)]
    internal static partial ContextParams llama_context_default_params();

    [LibraryImport(Llama)]
    internal static partial QuantizeParams llama_model_quantize_default_params();

    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint llama_model_quantize(string from, string to, QuantizeParams* parameters);

    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint llama_model_load_from_file(string path, ModelParams parameters);

    [LibraryImport(Llama)]
    internal static partial void llama_model_free(nint model);

    [LibraryImport(Llama)]
    internal static partial nint llama_init_from_model(nint model, ContextParams parameters);

    [LibraryImport(Llama)]
    internal static partial void llama_free(nint context);

    [LibraryImport(Llama)]
    internal static partial uint llama_n_ctx_seq(nint context);

    [LibraryImport(Llama)]
    internal static partial int llama_model_n_ctx_train(nint model);

    [LibraryImport(Llama)]
    internal static partial byte llama_model_has_decoder(nint model);

    [LibraryImport(Llama)]
    internal static partial byte llama_model_has_encoder(nint model);

    [LibraryImport(Llama)]
    internal static partial byte* llama_model_chat_template(nint model, byte* name);

    [LibraryImport(Llama)]
    internal static partial nint llama_model_get_vocab(nint model);

    [LibraryImport(Llama)]
    internal static partial int llama_vocab_n_tokens(nint vocabulary);

    [LibraryImport(Llama)]
    internal static partial int llama_vocab_eos(nint vocabulary);

    [LibraryImport(Llama)]
    internal static partial byte llama_vocab_get_add_eos(nint vocabulary);

    [LibraryImport(Llama)]
    internal static partial byte llama_vocab_is_eog(nint vocabulary, int token);

    [LibraryImport(Llama)]
    internal static partial int llama_tokenize(
        nint vocabulary,
        byte* text,
        int length,
        int* tokens,
        int room,
        byte addSpecial,
        byte parseSpecial
    );

    [LibraryImport(Llama)]
    internal static partial int llama_token_to_piece(
        nint vocabulary,
        int token,
        byte* into,
        int room,
        int leftStrip,
        byte special
    );

    [LibraryImport(Llama)]
    internal static partial int llama_chat_apply_template(
        byte* template,
        NativeMessage* messages,
        nuint count,
        byte openAssistant,
        byte* into,
        int room
    );

    [LibraryImport(Llama)]
    internal static partial int llama_decode(nint context, NativeBatch batch);

    [LibraryImport(Llama)]
    internal static partial float* llama_get_logits_ith(nint context, int index);

    [LibraryImport(Llama)]
    internal static partial void llama_set_abort_callback(
        nint context,
        delegate* unmanaged[Cdecl]<nint, byte> callback,
        nint data
    );

    [LibraryImport(Llama)]
    internal static partial nint llama_get_memory(nint context);

    [LibraryImport(Llama)]
    internal static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(Llama)]
    internal static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    [LibraryImport(Llama)]
    internal static partial nuint llama_state_seq_get_size(nint context, int sequence);

    [LibraryImport(Llama)]
    internal static partial nuint llama_state_seq_get_data(nint context, byte* into, nuint room, int sequence);

    [LibraryImport(Llama)]
    internal static partial nuint llama_state_seq_set_data(nint context, byte* from, nuint length, int sequence);
}
