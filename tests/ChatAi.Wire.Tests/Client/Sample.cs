using System.Text;
using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;

namespace ChatAi.Wire.Tests.Client;

/// <summary>Ids and times that stand for themselves in expected frames.</summary>
internal static class Sample
{
    public const string A = "0198c0de-0000-7000-8000-00000000000a";
    public const string B = "0198c0de-0000-7000-8000-00000000000b";
    public const string C = "0198c0de-0000-7000-8000-00000000000c";
    public const string Ts = "2026-11-24T07:08:09.010Z";

    public static readonly ChatId Chat = new(new Guid(C));
    public static readonly UserId Ann = new(new Guid(A));
    public static readonly UserId Bob = new(new Guid(B));
    public static readonly MessageId Message = new(new Guid("0198c0de-0000-7000-8000-00000000000d"));
    public static readonly ClientMessageId Cid = new(new Guid("0198c0de-0000-7000-8000-00000000000e"));
    public static readonly RunId Run = new(new Guid("0198c0de-0000-7000-8000-00000000000f"));
    public static readonly DateTimeOffset Time = new(2026, 11, 24, 9, 8, 9, 10, 999, TimeSpan.FromHours(2));

    public static string Text(byte[]? utf8) => Encoding.UTF8.GetString(utf8!);

    public static string Write<T>(T value, Action<Utf8JsonWriter, T> write) => Text(JsonBytes.Write(value, write));
}
