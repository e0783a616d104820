namespace Aggregator.Core.Stores;

/// <summary>An entry whose page is to be looked at, leased to whoever does so.</summary>
public sealed record DueCapture
{
    /// <summary>The entry.</summary>
    public required long EntryId { get; init; }

    /// <summary>Its source.</summary>
    public required long SourceId { get; init; }

    /// <summary>The entry's link; null when it lost it.</summary>
    public string? Url { get; init; }

    /// <summary>The host of the link, <c>host:port</c>, or null.</summary>
    public string? Host { get; init; }

    /// <summary>When it was due.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How often this look has failed.</summary>
    public required int Attempts { get; init; }

    /// <summary>When a page of it was last kept; null when none was yet.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>The entry's title, for a page that has no headline.</summary>
    public required string Title { get; init; }

    /// <summary>When the article appeared: the earlier of its publication and our first sight of it.</summary>
    public required DateTimeOffset AppearedAt { get; init; }

    /// <summary>The <c>ETag</c> of the page when it was last kept, or null.</summary>
    public string? ETag { get; init; }

    /// <summary>Its <c>Last-Modified</c>, or null.</summary>
    public string? LastModified { get; init; }
}
