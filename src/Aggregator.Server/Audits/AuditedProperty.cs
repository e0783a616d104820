using System.Text.Json;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Audits;

/// <summary>One property that a change made different.</summary>
/// <param name="Name">Its name, with dots for those inside.</param>
/// <param name="Before">What it was, or null.</param>
/// <param name="After">What it is, or null.</param>
internal sealed record AuditedProperty(string Name, string? Before, string? After)
{
    /// <summary>What differs between the two states of a change, in their order.</summary>
    public static IReadOnlyList<AuditedProperty> Of(AuditedChange change)
    {
        var before = Read(change.Before);
        var after = Read(change.After);
        return
        [
            .. before.Select(property => property.Key).Concat(after.Select(property => property.Key)).Distinct(StringComparer.Ordinal)
                .Select(name => new AuditedProperty(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
                .Where(property => property.Before != property.After),
        ];
    }

    private static Dictionary<string, string> Read(string? json)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is null) return properties;
        using var document = JsonDocument.Parse(json);
        Collect(document.RootElement, "", properties);
        return properties;
    }

    private static void Collect(JsonElement element, string name, Dictionary<string, string> properties)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            properties[name] = element.ToString();
            return;
        }

        foreach (var property in element.EnumerateObject())
            Collect(property.Value, name.Length == 0 ? property.Name : name + "." + property.Name, properties);
    }
}
