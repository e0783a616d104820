namespace Aggregator.Core.Model;

/// <summary>The names of <see cref="RepublishLevel"/>s, as subscription lists and programs write them.</summary>
public static class RepublishLevels
{
    /// <summary>The strictest last, as choices show them.</summary>
    public static IReadOnlyList<RepublishLevel> All { get; } = [RepublishLevel.Full, RepublishLevel.Summary, RepublishLevel.Title, RepublishLevel.Nothing];

    /// <summary><c>full</c>, <c>summary</c>, <c>title</c> or <c>nothing</c>.</summary>
    public static string Name(this RepublishLevel level) => level switch
    {
        RepublishLevel.Full => "full",
        RepublishLevel.Summary => "summary",
        RepublishLevel.Title => "title",
        RepublishLevel.Nothing => "nothing",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Unknown level."),
    };

    /// <summary>The level of that name, or null when there is none.</summary>
    public static RepublishLevel? FromName(string? name)
    {
        foreach (var level in All)
            if (level.Name() == name)
                return level;
        return null;
    }
}
