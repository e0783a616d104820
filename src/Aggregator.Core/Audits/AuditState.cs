using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Audits;

/// <summary>
/// What was changed, as the JSON object that the audit list keeps: bounded, and without secrets. A property whose name speaks of a
/// password, token, cookie and the like is masked whatever it holds, and so are headers' values; addresses lose their credentials.
/// </summary>
public static class AuditState
{
    /// <summary>What stands for a secret.</summary>
    public const string Masked = "•••";

    /// <summary>How many items are kept of a list.</summary>
    public const int MaxItems = 50;

    private const string Cut = "…";
    private const int MaxTextLength = 500;

    private static readonly string[] SecretNames = ["password", "secret", "token", "hash", "cookie", "authorization", "credential", "privatekey"];

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 16,
        ReferenceHandler = ReferenceHandler.IgnoreCycles,
    };

    /// <summary>The object's public properties as JSON of at most <see cref="AuditedChange.MaxStateLength"/> characters; null for null.</summary>
    /// <exception cref="ArgumentException">It is a text, a number or a list: name what it is by an object with a property.</exception>
    public static string? Of(object? state)
    {
        if (state is null) return null;
        if (JsonSerializer.SerializeToNode(state, state.GetType(), Options) is not JsonObject root)
            throw new ArgumentException("What was changed has to be told as an object.", nameof(state));

        Clean(root, inHeaders: false);
        var json = root.ToJsonString(Options);
        while (json.Length > AuditedChange.MaxStateLength)
        {
            var longest = root.MaxBy(property => property.Value?.ToJsonString(Options).Length ?? 0).Key;
            if (root[longest] is JsonValue value && value.TryGetValue<string>(out var text) && text == Cut) root.Remove(longest);
            else root[longest] = Cut;
            json = root.ToJsonString(Options);
        }

        return json;
    }

    private static void Clean(JsonObject parent, bool inHeaders)
    {
        foreach (var (name, value) in parent.ToList())
        {
            if (value is null) continue;
            if (IsSecret(name) || (inHeaders && name == "value")) parent[name] = Masked;
            else if (Cleaned(value, name.Contains("headers", StringComparison.OrdinalIgnoreCase)) is { } other) parent[name] = other;
        }
    }

    /// <summary>What to put in a value's place, or null when it may stay: its inside is cleaned then.</summary>
    private static JsonValue? Cleaned(JsonNode node, bool inHeaders)
    {
        switch (node)
        {
            case JsonObject inner:
                Clean(inner, inHeaders);
                return null;
            case JsonArray items:
                var left = items.Count - MaxItems;
                while (items.Count > MaxItems) items.RemoveAt(items.Count - 1);
                for (var i = 0; i < items.Count; i++)
                    if (items[i] is { } item && Cleaned(item, inHeaders) is { } other)
                        items[i] = other;
                if (left > 0) items.Add(FormattableString.Invariant($"{Cut} (+{left})"));
                return null;
            case JsonValue value when value.TryGetValue<string>(out var text):
                var shown = Shown(text);
                return ReferenceEquals(shown, text) ? null : JsonValue.Create(shown);
            default:
                return null;
        }
    }

    private static string Shown(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            // An address that stands alone; else whatever looks as if it named a user behind a scheme.
            if (PublicSourceAddress.Clean(text, keepFragment: true, out var secret) is { } clean && (secret || text.Contains('@', StringComparison.Ordinal)))
                text = secret ? clean + "?" + Cut : clean;
            else if (text.Contains('@', StringComparison.Ordinal))
                text = Masked;
        }

        return TextCut.WithEllipsis(text, MaxTextLength);
    }

    private static bool IsSecret(string name) => Array.Exists(SecretNames, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
