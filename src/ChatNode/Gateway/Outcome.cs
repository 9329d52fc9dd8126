using System.Diagnostics.CodeAnalysis;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway;

/// <summary>A value, or why there is none.</summary>
public readonly record struct Outcome<T>
    where T : notnull
{
    private Outcome(T? value, Rejection? rejection) => (Value, Rejection) = (value, rejection);

    public T? Value { get; }
    public Rejection? Rejection { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsOk => Rejection is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Rejection rejection) => new(default, rejection);
}
