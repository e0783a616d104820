using System.ComponentModel.DataAnnotations;

namespace Aggregator.Server.Api;

/// <summary>The section <c>Api</c> of the configuration.</summary>
public sealed class ApiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api";

    /// <summary>How many requests one key (or one signed-in account) may make in a minute, at each process: 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = Section + ":{0} has to be between {1} and {2}.")]
    public int RequestsPerMinute { get; set; } = 600;
}
