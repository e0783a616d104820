namespace Aggregator.Core.Model;

/// <summary>What a feed's last document asks of those who poll it. It holds as long as the publisher says that nothing has changed.</summary>
public sealed record PollingHints
{
    /// <summary>How long it may be taken for fresh: the longer of RSS <c>ttl</c> and the RSS 1.0 syndication module's period; or null.</summary>
    public TimeSpan? MinimumInterval { get; init; }

    /// <summary>RSS <c>skipHours</c>: bit n stands for the hour n UTC, 0–23, in which it asks not to be polled.</summary>
    public int SkipHours { get; init; }

    /// <summary>RSS <c>skipDays</c>: bit n stands for the <see cref="DayOfWeek"/> n (UTC) on which it asks not to be polled.</summary>
    public int SkipDays { get; init; }

    /// <summary>Puts them together. Hours and days that there are not are left out.</summary>
    public static PollingHints Of(TimeSpan? minimumInterval, IEnumerable<int> skipHours, IEnumerable<DayOfWeek> skipDays) => new()
    {
        MinimumInterval = minimumInterval,
        SkipHours = skipHours.Where(hour => hour is >= 0 and < 24).Aggregate(0, (bits, hour) => bits | (1 << hour)),
        SkipDays = skipDays.Where(Enum.IsDefined).Aggregate(0, (bits, day) => bits | (1 << (int)day)),
    };

    /// <summary>Whether it asks not to be polled at that moment.</summary>
    public bool Skips(DateTimeOffset at) =>
        (SkipHours & (1 << at.UtcDateTime.Hour)) != 0 || (SkipDays & (1 << (int)at.UtcDateTime.DayOfWeek)) != 0;

    /// <summary>Whether it leaves no hour of the week at all: a mistake, which nobody can follow.</summary>
    public bool SkipsEverything => (SkipHours & 0xFFFFFF) == 0xFFFFFF || (SkipDays & 0x7F) == 0x7F;
}
