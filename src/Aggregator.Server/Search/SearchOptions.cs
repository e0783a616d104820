using System.ComponentModel.DataAnnotations;

namespace Aggregator.Server.Search;

/// <summary>The section <c>Search</c> of the configuration.</summary>
public sealed class SearchOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Search";

    /// <summary>How many searches one address (of IPv6 one /64) may make in a minute, pages and feeds together: 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = Section + ":{0} has to be between {1} and {2}.")]
    public int RequestsPerMinute { get; set; } = 60;
}
