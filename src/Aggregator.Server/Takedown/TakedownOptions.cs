using System.ComponentModel.DataAnnotations;

namespace Aggregator.Server.Takedown;

/// <summary>The section <c>Takedown</c> of the configuration.</summary>
public sealed class TakedownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Takedown";

    private const string OutOfRange = Section + ":{0} has to be between {1} and {2}.";

    /// <summary>For how long a take-down can be undone; after that the text is deleted for good. Zero to ninety days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00", ParseLimitsInInvariantCulture = true, ErrorMessage = OutOfRange)]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long what a visitor wrote in a request that was refused is kept after the decision. One hour to ten years.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true, ErrorMessage = OutOfRange)]
    public TimeSpan KeepRefused { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How many requests one address (of IPv6 one /64) may send in an hour.</summary>
    [Range(1, 10_000, ErrorMessage = OutOfRange)]
    public int RequestsPerHour { get; set; } = 5;
}
