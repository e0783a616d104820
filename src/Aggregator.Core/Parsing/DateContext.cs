namespace Aggregator.Core.Parsing;

/// <summary>What a date that does not say everything is read against.</summary>
public sealed record DateContext
{
    /// <summary>When the document was fetched: "3 hours ago", "yesterday", and dates without a year count from here.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The zone of dates that name none; null means UTC.</summary>
    public TimeZoneInfo? DefaultZone { get; init; }

    /// <summary>The language of the document (BCP 47): decides what an ambiguous zone name means, such as CST.</summary>
    public string? Language { get; init; }
}
