namespace Aggregator.Testing;

/// <summary>One entry as a <see cref="LoopbackUpstream"/> publishes it now.</summary>
public sealed record LoopbackUpstreamEntry
{
    /// <summary>The number of its source.</summary>
    public required int Source { get; init; }

    /// <summary>Its number in the source, from 0, oldest first.</summary>
    public required int Serial { get; init; }

    /// <summary>What the document gives as guid, id or rdf:about; it stays the same through edits.</summary>
    public required string Id { get; init; }

    /// <summary>The address of its page, which the upstream serves too.</summary>
    public required Uri Url { get; init; }

    /// <summary>Its title; an edit changes it.</summary>
    public required string Title { get; init; }

    /// <summary>Its author's name.</summary>
    public required string Author { get; init; }

    /// <summary>Its body, as HTML; an edit changes it.</summary>
    public required string Html { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When it was last edited, UTC; the time of publishing when never.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How often it was edited.</summary>
    public required int Edits { get; init; }
}
