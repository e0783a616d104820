using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>
/// The section <c>Retention</c> of the configuration: the general rules, and rules for categories and sources, which step back behind
/// what an admin set for the same one.
/// </summary>
internal sealed class RetentionOptions
{
    /// <summary>For how many days an entry is kept after we first had it; 0 is for ever. What its feed still holds is always kept.</summary>
    public int Days { get; set; }

    /// <summary>How many newest entries of each source are kept; 0 is all.</summary>
    public int Count { get; set; }

    /// <summary>For how many days after their capture the texts of versions are kept; 0 is for ever.</summary>
    public int VersionDays { get; set; }

    /// <summary>The texts of how many of an entry's newest versions are kept; 0 is all.</summary>
    public int VersionCount { get; set; }

    /// <summary>Rules for the entries of a category, by its slug. Of several categories of an entry, the one that keeps it longest decides.</summary>
    public Dictionary<string, ScopeRetention> Categories { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Rules for single sources, by their numbers; they go before their categories'.</summary>
    public Dictionary<string, ScopeRetention> Sources { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The general rules.</summary>
    public ScopeRetention General => new() { Days = Days, Count = Count, VersionDays = VersionDays, VersionCount = VersionCount };

    /// <summary>What it says of a category.</summary>
    public RetentionSettings Of(Category category) => Categories.GetValueOrDefault(category.Slug)?.Settings ?? RetentionSettings.None;

    /// <summary>What it says of a source.</summary>
    public RetentionSettings Of(Source source) => Sources.GetValueOrDefault(source.Id.ToString(CultureInfo.InvariantCulture))?.Settings ?? RetentionSettings.None;

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (Sources.Keys.FirstOrDefault(id => !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)) is { } name)
            return $"Retention:Sources:{name} does not name a source: it must be the number of one, as its page in the dashboard shows it.";
        return General.Problem("Retention")
            ?? Categories.Select(category => category.Value.Problem($"Retention:Categories:{category.Key}")).FirstOrDefault(problem => problem is not null)
            ?? Sources.Select(source => source.Value.Problem($"Retention:Sources:{source.Key}")).FirstOrDefault(problem => problem is not null);
    }
}
