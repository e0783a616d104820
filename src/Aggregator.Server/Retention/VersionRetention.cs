using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>How long the texts of an entry's versions are kept, in the configuration. The first and the last one always are.</summary>
internal sealed class VersionRetention
{
    /// <summary>For how many days after their capture; 0 is for ever.</summary>
    public int VersionDays { get; set; }

    /// <summary>How many of an entry's newest; 0 is all.</summary>
    public int VersionCount { get; set; }

    /// <summary>The same as a rule.</summary>
    public ThinningRule Rule => new(VersionDays, VersionCount);

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    /// <param name="section">Where it stands in the configuration.</param>
    public string? Problem(string section)
    {
        if (VersionDays is < 0 or > 36500) return $"{section}:VersionDays must be a number of days from 0 (for ever) to 36500.";
        return VersionCount is < 0 or 1 or > 1_000_000 ? $"{section}:VersionCount must be 0 (all) or 2 to 1000000." : null;
    }
}
