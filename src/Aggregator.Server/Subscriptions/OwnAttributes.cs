using Aggregator.Core.Parsing;

namespace Aggregator.Server.Subscriptions;

/// <summary>Attributes of our own namespace.</summary>
internal static class OwnAttributes
{
    /// <summary>Those that have a value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var own = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in attributes)
            if (value is not null)
                own.Add(new KeyValuePair<string, string>(OpmlOutline.AttributeName(OpmlOutline.OwnNamespace, name), value));
        return own;
    }
}
