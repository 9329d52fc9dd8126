using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ChatAi.Testing;

/// <summary>
/// A value as text, by its public properties: records that hold lists or dictionaries compare by content with it.
/// The order of lists counts, that of dictionaries does not.
/// </summary>
public static class Shape
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case DateTimeOffset time:
                text.Append(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                text.Append(Convert.ToHexString(bytes));
                break;
            case Enum or IConvertible or Guid:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case ITuple tuple:
                AppendAll(text, '(', Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i])), ')');
                break;
            case IEnumerable items when IsDictionary(value.GetType()):
                AppendAll(text, '<', items.Cast<object>().Select(Of).Order(StringComparer.Ordinal), '>');
                break;
            case IEnumerable items:
                AppendAll(text, '[', items.Cast<object?>().Select(Of), ']');
                break;
            default:
                text.Append(value.GetType().Name);
                AppendAll(
                    text,
                    '{',
                    PropertiesOf(value.GetType()).Select(p => $"{p.Name}={Of(p.GetValue(value))}"),
                    '}'
                );
                break;
        }
    }

    private static void AppendAll(StringBuilder text, char open, IEnumerable<string> items, char close) =>
        text.Append(open).AppendJoin(", ", items).Append(close);

    private static bool IsDictionary(Type type) =>
        type.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));

    private static PropertyInfo[] PropertiesOf(Type type) =>
        Properties.GetOrAdd(
            type,
            t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.Name != "IsAssistant")]
        );
}
