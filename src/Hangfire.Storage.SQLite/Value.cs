namespace Hangfire.Storage.SQLite;

/// <summary>One parameter of a statement.</summary>
internal readonly struct Value
{
    private Value(ValueKind kind, long integer = 0, double real = 0, string? text = null, byte[]? utf8 = null) =>
        (Kind, Integer, Real, Text, Utf8) = (kind, integer, real, text, utf8);

    public ValueKind Kind { get; }

    public long Integer { get; }

    public double Real { get; }

    public string? Text { get; }

    public byte[]? Utf8 { get; }

    public static implicit operator Value(long value) => new(ValueKind.Integer, integer: value);

    public static implicit operator Value(long? value) => value is { } present ? present : default(Value);

    public static implicit operator Value(double value) => new(ValueKind.Real, real: value);

    public static implicit operator Value(string? value) => value is null ? default : new(ValueKind.Text, text: value);

    public static implicit operator Value(byte[]? value) => value is null ? default : new(ValueKind.Utf8, utf8: value);
}
