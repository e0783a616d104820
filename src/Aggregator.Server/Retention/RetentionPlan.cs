using System.Globalization;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>Works out which rule each source has.</summary>
internal static class RetentionPlan
{
    /// <summary>The rules of every source: its own, else that of its categories which keeps most, else the general one.</summary>
    public static async Task<ThinningPlan> MakeAsync(RetentionOptions options, ISourceStore sources, ICategoryStore categories, CancellationToken cancellationToken)
    {
        var rules = new Dictionary<long, ThinningRule>();
        foreach (var (slug, retention) in options.Categories)
        {
            if (await categories.FindAsync(slug, cancellationToken) is not { } category) continue;
            await foreach (var listing in sources.ReadAllAsync(category.Id, cancellationToken))
                rules[listing.Source.Id] = rules.TryGetValue(listing.Source.Id, out var other) ? other.Or(retention.Rule) : retention.Rule;
        }

        foreach (var (id, retention) in options.Sources) rules[long.Parse(id, CultureInfo.InvariantCulture)] = retention.Rule;
        return new ThinningPlan(options.Versions.Rule, rules);
    }
}
