using System.Globalization;

namespace Aggregator.Server.Retention;

/// <summary>The section <c>Retention</c> of the configuration.</summary>
internal sealed class RetentionOptions
{
    /// <summary>How many days an entry is kept after we first had it; 0 keeps it for ever. What its feed still holds is always kept.</summary>
    public int Days { get; set; }

    /// <summary>For how many days after their capture the texts of versions are kept; 0 is for ever.</summary>
    public int VersionDays { get; set; }

    /// <summary>The texts of how many of an entry's newest versions are kept; 0 is all.</summary>
    public int VersionCount { get; set; }

    /// <summary>Rules for the sources of a category, by its slug. Of several categories of a source, the one that keeps more goes first.</summary>
    public Dictionary<string, VersionRetention> Categories { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Rules for single sources, by their numbers; they go before their categories'.</summary>
    public Dictionary<string, VersionRetention> Sources { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The rule of sources without one of their own.</summary>
    public VersionRetention Versions => new() { VersionDays = VersionDays, VersionCount = VersionCount };

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (Days is < 0 or > 36500) return "Retention:Days must be a number of days from 0 (for ever) to 36500.";
        if (Sources.Keys.FirstOrDefault(id => !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)) is { } name)
            return $"Retention:Sources:{name} does not name a source: it must be the number of one, as its page in the dashboard shows it.";
        return Versions.Problem("Retention")
            ?? Categories.Select(category => category.Value.Problem($"Retention:Categories:{category.Key}")).FirstOrDefault(problem => problem is not null)
            ?? Sources.Select(source => source.Value.Problem($"Retention:Sources:{source.Key}")).FirstOrDefault(problem => problem is not null);
    }
}
