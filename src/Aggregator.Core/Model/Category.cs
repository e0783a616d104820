namespace Aggregator.Core.Model;

/// <summary>What we republish under one name.</summary>
public sealed record Category
{
    /// <summary>The category's number in the store.</summary>
    public required long Id { get; init; }

    /// <summary>Its name in addresses: lower-case ASCII letters, digits and hyphens, unique; see <see cref="CategorySlug"/>.</summary>
    public required string Slug { get; init; }

    /// <summary>Its title, in its own language.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence about it, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Its language (BCP 47), in which the attribution line is written.</summary>
    public required string Language { get; init; }

    /// <summary>Whether feeds show a visible line "Source: … · snapshot taken …" at the top of each entry's content.</summary>
    public bool ShowAttribution { get; init; } = true;

    /// <summary>Its place in lists, ascending; equal positions go by title.</summary>
    public int Position { get; init; }

    /// <summary>
    /// How much of the entries of its sources may be shown where a source has no setting of its own, or null for no word on it. It holds for a
    /// source wherever that is shown: of several categories the strictest one counts.
    /// </summary>
    public RepublishLevel? Republish { get; init; }

    /// <summary>
    /// The rules for entries of its sources, as an admin wrote them, or null: one a line, at most
    /// <see cref="Routing.RoutingRules.MaxLength"/> characters; see <see cref="Routing.RoutingRules"/>.
    /// </summary>
    public string? Rules { get; init; }
}
