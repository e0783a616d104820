using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hangfire.Storage.SQLite;

/// <summary>The data of a state as text: a flat JSON object of strings.</summary>
internal static class StateText
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[]? Write(IDictionary<string, string>? data) =>
        data is null ? null : JsonSerializer.SerializeToUtf8Bytes(data, Options);

    /// <summary>The stored data, its names compared without regard to case as the rest of Hangfire does; empty when there was none.</summary>
    public static Dictionary<string, string> Read(ReadOnlySpan<byte> text)
    {
        var data = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (text.IsEmpty) return data;

        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var name = reader.GetString()!;
            reader.Read();
            data[name] = reader.GetString()!;
        }

        return data;
    }
}
