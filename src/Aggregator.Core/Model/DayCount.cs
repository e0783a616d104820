namespace Aggregator.Core.Model;

/// <summary>How many new entries came on a day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Added">How many.</param>
public sealed record DayCount(DateOnly Day, int Added);
