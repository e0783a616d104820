using System.Text.Json;
using System.Text.RegularExpressions;
using Aggregator.Storage.Databases;
using Dapper;

namespace Aggregator.Storage.Takedowns;

/// <summary>
/// A row of <c>entry</c> as JSON, whatever columns it has, so that it can come back as it was; columns that later migrations add are
/// in it without a change here.
/// </summary>
internal static partial class KeptRow
{
    private const string Blob = "blob";

    /// <summary>The row as UTF-8. Columns without a value are left out.</summary>
    public static byte[] Write(IDictionary<string, object?> row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (column, value) in row)
            {
                if (value is null or DBNull) continue;
                json.WritePropertyName(column);
                switch (value)
                {
                    case string text: json.WriteStringValue(text); break;
                    case long number: json.WriteNumberValue(number); break;
                    case int number: json.WriteNumberValue(number); break;
                    case short number: json.WriteNumberValue(number); break;
                    case bool truth: json.WriteBooleanValue(truth); break;
                    case byte[] blob:
                        json.WriteStartObject();
                        json.WriteBase64String(Blob, blob);
                        json.WriteEndObject();
                        break;
                    default: throw new NotSupportedException($"Column {column} of entry has values of {value.GetType()}, which KeptRow cannot keep.");
                }
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Inserts the row again.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> made.</exception>
    public static async Task RestoreAsync(StoreSession session, byte[] kept)
    {
        using var json = JsonDocument.Parse(kept);
        var parameters = new DynamicParameters();
        var columns = new List<string>();
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (!ColumnName().IsMatch(property.Name)) throw new InvalidDataException($"\"{property.Name}\" is no column of entry.");
            columns.Add(property.Name);
            parameters.Add(property.Name, property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString(),
                JsonValueKind.Number => property.Value.GetInt64(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Object => property.Value.GetProperty(Blob).GetBytesFromBase64(),
                _ => throw new InvalidDataException($"Column {property.Name} of a kept entry is a {property.Value.ValueKind}."),
            });
        }

        await session.ExecuteAsync(
            $"insert into entry ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select(column => "@" + column))})", parameters);
    }

    [GeneratedRegex("^[a-z_0-9]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColumnName();
}
