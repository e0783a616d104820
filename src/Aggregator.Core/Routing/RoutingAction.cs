namespace Aggregator.Core.Routing;

/// <summary>What a rule does with an entry that its condition holds for.</summary>
public abstract record RoutingAction
{
    private RoutingAction()
    {
    }

    /// <summary>It stands in a category besides those of its source.</summary>
    /// <param name="Slug">The category's slug, or one that it once had.</param>
    public sealed record IntoCategory(string Slug) : RoutingAction
    {
        /// <inheritdoc />
        public override string ToString() => $"category {RoutingWords.Quoted(Slug)}";
    }

    /// <summary>It is published nowhere; that it was there is remembered. No later rule is asked.</summary>
    public sealed record Drop : RoutingAction
    {
        /// <inheritdoc />
        public override string ToString() => RoutingWords.Drop;
    }

    /// <summary>It gets a tag besides the publisher's.</summary>
    /// <param name="Name">The tag.</param>
    public sealed record AddTag(string Name) : RoutingAction
    {
        /// <inheritdoc />
        public override string ToString() => $"tag {RoutingWords.Quoted(Name)}";
    }
}
