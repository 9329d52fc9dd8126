using System.Collections.Frozen;

namespace ChatAi.Shared.Domain.Ai.Text;

/// <summary>
/// Words that say nothing about a text's subject, for a few languages in one table, written as
/// <see cref="Words"/> writes them. Short on purpose: inverse document frequency does most of the work.
/// </summary>
public static class StopWords
{
    private const string English =
        "a about after again all also am an and any are as at be because been before being but by can cant could "
        + "did didnt do does doesnt doing dont for from get got had has have having he her here him his how i id if ill "
        + "im in into is isnt it its ive just know let like me more most my no not now of off ok okay on one only or "
        + "other our out over please really same say she should so some such than thanks that thats the their them "
        + "then there these they thing think this those to too up us use very want was wasnt way we well were what "
        + "whats when where which while who why will with wont would yeah yes yet you your youre hi hello hey anyone "
        + "something someone anything much many going gonna sure";

    private const string German =
        "aber als am an auch auf aus bei bin bis bist da das dass dein dem den der des die dir doch du ein eine einen "
        + "einem einer er es für hab habe hat ich ihr im in ist ja kann mal man mein mich mir mit nach nein nicht noch "
        + "nur oder schon sein sich sie sind so über um und uns von vor war was wenn wer wie wir wird wo zu zum zur";

    private const string French =
        "au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur lui ma mais me mes moi mon "
        + "ne nous on ou où par pas pour qu que qui sa se ses si son sont sur ta te tes toi ton tu un une vous";

    private const string Spanish =
        "al como con cuando del donde el ella en era es esta este esto fue ha hay la las lo los más mi muy no nos o "
        + "para pero por porque qué que quien se si sí sin sobre su sus también te tu un una uno y ya yo";

    private const string Turkish =
        "ama bana ben bir biz bu çok da daha de değil diye en evet gibi hayır hem her için ile ise kadar ki mi mı mu "
        + "mü ne neden nasıl o ona ondan onu sen siz şey şu var ve veya ya yok";

    private const string Russian =
        "а без бы в вам вас вот все вы да для до его ее если есть еще же за и из или им их к как когда кто ли меня мне "
        + "мы на надо нас не нет ни но ну о он она они от по при с со так там то только ты у уже что это я";

    private static readonly FrozenSet<string> All = string.Join(' ', English, German, French, Spanish, Turkish, Russian)
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string word) => All.Contains(word);
}
