namespace Aggregator.Core.Snapshots;

/// <summary>A block of the two versions: one paragraph that stayed, went, came, or was rewritten.</summary>
/// <param name="Kind">What it is in the article.</param>
/// <param name="Segments">Its text; several segments when it was rewritten.</param>
public sealed record DiffBlock(ContentBlockKind Kind, IReadOnlyList<DiffSegment> Segments)
{
    /// <summary>Whether it is the same in both versions.</summary>
    public bool IsSame => Segments.All(segment => segment.Operation == DiffOperation.Same);
}
