namespace Aggregator.Core.Stores;

/// <summary>The rules of every source.</summary>
/// <param name="Default">The rule of sources that have none of their own.</param>
/// <param name="OfSources">The rules of the others, by the sources' numbers.</param>
public sealed record ThinningPlan(ThinningRule Default, IReadOnlyDictionary<long, ThinningRule> OfSources)
{
    /// <summary>The rule of a source.</summary>
    public ThinningRule For(long sourceId) => OfSources.GetValueOrDefault(sourceId, Default);

    /// <summary>Whether no rule lets anything go.</summary>
    public bool IsForEver => Default.IsForEver && OfSources.Values.All(rule => rule.IsForEver);
}
