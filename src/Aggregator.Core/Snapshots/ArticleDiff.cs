namespace Aggregator.Core.Snapshots;

/// <summary>What changed between two versions of an article.</summary>
public sealed record ArticleDiff
{
    /// <summary>The title.</summary>
    public required IReadOnlyList<DiffSegment> Title { get; init; }

    /// <summary>The authors, in one line.</summary>
    public required IReadOnlyList<DiffSegment> Authors { get; init; }

    /// <summary>The body, block by block in the order of reading.</summary>
    public required IReadOnlyList<DiffBlock> Body { get; init; }

    /// <summary>Whether the title differs.</summary>
    public bool TitleChanged => Title.Any(segment => segment.Operation != DiffOperation.Same);

    /// <summary>Whether the authors differ.</summary>
    public bool AuthorsChanged => Authors.Any(segment => segment.Operation != DiffOperation.Same);

    /// <summary>Whether the body differs.</summary>
    public bool BodyChanged => Body.Any(block => !block.IsSame);

    /// <summary>How many characters that are no white space only the earlier version has.</summary>
    public int RemovedCharacters => Count(DiffOperation.Removed);

    /// <summary>How many characters that are no white space only the later version has.</summary>
    public int AddedCharacters => Count(DiffOperation.Added);

    private int Count(DiffOperation operation) =>
        Body.SelectMany(block => block.Segments).Concat(Title)
            .Where(segment => segment.Operation == operation)
            .Sum(segment => segment.Text.Count(c => !char.IsWhiteSpace(c)));
}
