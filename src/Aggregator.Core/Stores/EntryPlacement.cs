namespace Aggregator.Core.Stores;

/// <summary>Where an entry stands.</summary>
/// <param name="Categories">The slugs of its categories, in alphabetical order.</param>
/// <param name="Tags">Its tags, in their order.</param>
public sealed record EntryPlacement(IReadOnlyList<string> Categories, IReadOnlyList<string> Tags)
{
    /// <inheritdoc />
    public bool Equals(EntryPlacement? other) =>
        other is not null && Categories.SequenceEqual(other.Categories, StringComparer.Ordinal) && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Categories.Count, Tags.Count);
}
