namespace Aggregator.Core.Takedowns;

/// <summary>A request to take an article down, as it is stored. All times are UTC.</summary>
public sealed record TakedownRequest
{
    /// <summary>Its number, which the visitor is told.</summary>
    public required long Id { get; init; }

    /// <summary>The article.</summary>
    public required long EntryId { get; init; }

    /// <summary>The article's title when it was asked for; null once the text is purged.</summary>
    public string? Title { get; init; }

    /// <summary>The article's original; null once the text is purged.</summary>
    public string? Url { get; init; }

    /// <summary>Why.</summary>
    public required TakedownReason Reason { get; init; }

    /// <summary>The visitor's words; null when there are none, or once the text is purged.</summary>
    public string? Message { get; init; }

    /// <summary>Where to answer; null when the visitor did not say, or once the text is purged.</summary>
    public string? Contact { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How far it has come.</summary>
    public required TakedownState State { get; init; }

    /// <summary>What the admin wrote beside the decision.</summary>
    public string? Note { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The name of the admin who decided.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>The mark that stands for the article now, when it was taken down.</summary>
    public Tombstone? Tombstone { get; init; }
}
