using System.Globalization;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Dashboard;

/// <summary>The query of the list of sources: which page of what is shown, and back. Anything that is no such query is left out, never an error.</summary>
internal static class SourceListAddress
{
    /// <summary>What was asked for.</summary>
    public static SourceQuery Read(Func<string, string?> value, int limit) => new()
    {
        Filter = ReadFilter(value),
        Order = Enum.TryParse<SourceOrder>(value("sort"), ignoreCase: true, out var order) && Enum.IsDefined(order) ? order : SourceOrder.Title,
        After = SourceKey.Parse(value("after")),
        Limit = limit,
    };

    /// <summary>The filter alone.</summary>
    public static SourceFilter ReadFilter(Func<string, string?> value) => new()
    {
        State = Enum.TryParse<SourceState>(value("state"), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        Health = Enum.TryParse<SourceHealth>(value("health"), ignoreCase: true, out var health) && Enum.IsDefined(health) ? health : null,
        CategoryId = long.TryParse(value("category"), NumberStyles.None, CultureInfo.InvariantCulture, out var category) ? category : null,
        Text = value("text")?.Trim() is { Length: > 0 } text ? TextCut.To(text, SourceFilter.MaxTextLength) : null,
    };

    /// <summary>The fields of a filter that are set.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Fields(SourceFilter filter)
    {
        if (filter.State is { } state) yield return KeyValuePair.Create("state", state.ToString().ToLowerInvariant());
        if (filter.Health is { } health) yield return KeyValuePair.Create("health", health.ToString().ToLowerInvariant());
        if (filter.CategoryId is { } category) yield return KeyValuePair.Create("category", category.ToString(CultureInfo.InvariantCulture));
        if (filter.Text is { } text) yield return KeyValuePair.Create("text", text);
    }

    /// <summary>The query of a page, with its question mark; empty for the beginning of everything.</summary>
    public static string Of(SourceFilter filter, SourceOrder order, SourceKey? after = null, params (string Name, string Value)[] others)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in Fields(filter)) Add(name, value);
        if (order != SourceOrder.Title) Add("sort", order.ToString().ToLowerInvariant());
        if (after is not null) Add("after", after.ToString());
        foreach (var (name, value) in others) Add(name, value);
        return query.ToString();

        void Add(string name, string value) => query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
