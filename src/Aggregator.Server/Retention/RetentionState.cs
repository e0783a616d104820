using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>How long what is of a source or a category is kept, and who says so, in the order in which they are asked.</summary>
/// <param name="Topic">The source or category.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Own">What an admin set for it.</param>
/// <param name="Configured">What the configuration says of it.</param>
/// <param name="Categories">For a source: its categories that say something, with what they say.</param>
/// <param name="General">The general rules of the configuration; both parts are there.</param>
public sealed record RetentionState(
    Topic Topic, string Title, RetentionSettings Own, RetentionSettings Configured, IReadOnlyList<(Category Category, RetentionSettings Settings)> Categories,
    RetentionSettings General);
