using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>Everything that is said about how long things are kept.</summary>
/// <param name="General">The general rules; both parts are there.</param>
/// <param name="Categories">All categories, with what is set for each.</param>
/// <param name="Sources">A page of the sources for which something is set, with it.</param>
/// <param name="NextAfter">The number behind which the next page begins, or null at the end.</param>
public sealed record RetentionOverview(
    RetentionSettings General, IReadOnlyList<(Category Category, RetentionSettings Settings)> Categories,
    IReadOnlyList<(Source Source, RetentionSettings Settings)> Sources, long? NextAfter);
