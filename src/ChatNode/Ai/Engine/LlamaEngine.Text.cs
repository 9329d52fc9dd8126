using System.Text;
using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.ChatNode.Ai.Engine;

public sealed unsafe partial class LlamaEngine
{
    public int[] Tokenize(string text, bool addBeginning, bool parseSpecial)
    {
        Alive();
        var bytes = Encoding.UTF8.GetBytes(text);
        var tokens = new int[bytes.Length + 2];
        var count = Tokenize(bytes, tokens, addBeginning, parseSpecial);
        if (count < 0 && count != int.MinValue)
        {
            tokens = new int[-count];
            count = Tokenize(bytes, tokens, addBeginning, parseSpecial);
        }

        if (count < 0)
        {
            throw new ArgumentException("The text is too long.", nameof(text));
        }

        // Asked for a beginning, the library of some models adds an end as well.
        var adds = addBeginning && LlamaApi.llama_vocab_get_add_eos(_vocabulary) != 0;
        var ends = adds && count > 0 && tokens[count - 1] == LlamaApi.llama_vocab_eos(_vocabulary);
        return tokens[..(ends ? count - 1 : count)];
    }

    public int PieceOf(int token, Span<byte> into)
    {
        Alive();
        CheckToken(token);
        fixed (byte* room = into)
        {
            var length = LlamaApi.llama_token_to_piece(_vocabulary, token, room, into.Length, 0, 0);
            return length >= 0
                ? length
                : throw new ArgumentException($"The token's piece has {-length} bytes.", nameof(into));
        }
    }

    public bool IsEnd(int token)
    {
        Alive();
        CheckToken(token);
        return LlamaApi.llama_vocab_is_eog(_vocabulary, token) != 0;
    }

    public string ApplyTemplate(IReadOnlyList<TemplateMessage> messages)
    {
        Alive();
        return Applied(Model.ChatTemplate, messages)
            ?? Applied("chatml", messages)
            ?? throw new InvalidOperationException("The library does not know the chatml template.");
    }

    /// <summary>Null: the library does not know the template (it recognises the common ones, it does not run them).</summary>
    private static string? Applied(string? template, IReadOnlyList<TemplateMessage> messages)
    {
        if (template is null)
        {
            return null;
        }

        // One block of zero-ended strings: the template, then each role and content.
        var strings = messages.SelectMany(m => (string[])[m.Role, m.Content]).Prepend(template).ToList();
        var block = Encoding.UTF8.GetBytes(string.Concat(strings.Select(s => s.Replace("\0", "") + '\0')));
        var into = new byte[block.Length + 256 + 128 * messages.Count];
        var native = new NativeMessage[messages.Count];
        fixed (byte* start = block)
        fixed (NativeMessage* first = native)
        {
            var next = start + Length(start);
            for (var i = 0; i < native.Length; i++)
            {
                native[i].Role = next;
                next += Length(next);
                native[i].Content = next;
                next += Length(next);
            }

            var length = Apply(start, first, native.Length, into);
            if (length > into.Length)
            {
                into = new byte[length];
                length = Apply(start, first, native.Length, into);
            }

            return length < 0 ? null : Encoding.UTF8.GetString(into, 0, length);
        }
    }

    private static int Apply(byte* template, NativeMessage* messages, int count, byte[] into)
    {
        fixed (byte* room = into)
        {
            return LlamaApi.llama_chat_apply_template(template, messages, (nuint)count, 1, room, into.Length);
        }
    }

    private static int Length(byte* text)
    {
        var end = text;
        while (*end++ != 0) { }

        return (int)(end - text);
    }

    private int Tokenize(byte[] text, int[] into, bool addBeginning, bool parseSpecial)
    {
        fixed (byte* from = text)
        fixed (int* room = into)
        {
            return LlamaApi.llama_tokenize(
                _vocabulary,
                from,
                text.Length,
                room,
                into.Length,
                addBeginning ? (byte)1 : (byte)0,
                parseSpecial ? (byte)1 : (byte)0
            );
        }
    }

    private void CheckToken(int token) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)Model.Vocabulary, nameof(token));
}
