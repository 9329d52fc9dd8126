using System.Collections.Frozen;

namespace ChatAi.Shared.Domain.Ai.Text;

/// <summary>Small tables of words that show what a message does in a talk, for a few languages.</summary>
internal static class Cues
{
    private static FrozenSet<string> Table(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static readonly FrozenSet<string> Greetings = Table(
        "hi hello hey hallo moin servus salut bonjour hola ciao merhaba selam привет здравствуйте yo greetings howdy "
            + "morning evening hullo hiya 你好 みんな"
    );

    public static readonly FrozenSet<string> Thanks = Table(
        "thanks thank thx ty tnx cheers danke merci gracias grazie teşekkürler sağol спасибо obrigado 谢谢 ありがとう"
    );

    public static readonly FrozenSet<string> Answers = Table(
        "yes no yeah yep nope yup ok okay k ah oh hmm hm lol haha right true sure nah ja nein doch oui non si sí evet "
            + "hayır tamam да нет ok\u00e9 indeed exactly agreed"
    );

    public static readonly FrozenSet<string> Interrogatives = Table(
        "how what whats why where who whos which when can could does do did is are was has have will would should any "
            + "anyone anybody someone wie was warum wo wer wann kann comment quoi pourquoi où qui quand cómo qué dónde "
            + "quién cuándo nasıl ne neden nerede kim как что почему где кто когда"
    );

    public static readonly FrozenSet<string> Continuations = Table(
        "and but also or so then because cause plus und aber oder mais et pero y ve ama и но а"
    );

    public static readonly FrozenSet<string> CallsToAll = Table(
        "anyone anybody someone somebody all everyone everybody guys folks jemand alle quelquun alguien biri кто-нибудь"
    );

    public static readonly FrozenSet<string> Negations = Table(
        "not no never none nobody nothing neither nor cannot cant wont dont doesnt didnt isnt arent wasnt werent "
            + "shouldnt couldnt wouldnt hasnt havent nicht kein keine keinen nie niemals pas jamais aucun nunca jamás "
            + "değil yok hayır не нет никогда"
    );

    /// <summary>Ends a sentence with a question mark of any script, or opens as questions do.</summary>
    public static bool IsQuestion(string text, IReadOnlyList<string> words) =>
        HasQuestionMark(text) || (words.Count > 2 && Interrogatives.Contains(words[0]));

    private static bool HasQuestionMark(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\uff1f' or '\u061f')
                return true;
            // inside an address a question mark asks nothing
            if (text[i] == '?' && (i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1])))
                return true;
        }

        return false;
    }
}
