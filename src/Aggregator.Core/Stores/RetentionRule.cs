namespace Aggregator.Core.Stores;

/// <summary>How long something is kept: for days, so many of the newest, or for ever. With both, the stricter one decides.</summary>
/// <param name="Days">For how many days; 0 is for ever.</param>
/// <param name="Count">How many of the newest; 0 is all.</param>
public sealed record RetentionRule(int Days = 0, int Count = 0)
{
    /// <summary>The most days that can be set: a hundred years.</summary>
    public const int MaxDays = 36_500;

    /// <summary>The highest count that can be set.</summary>
    public const int MaxCount = 1_000_000;

    /// <summary>Everything, for ever.</summary>
    public static RetentionRule ForEver { get; } = new();

    /// <summary>Whether it lets nothing go.</summary>
    public bool IsForEver => Days == 0 && Count == 0;

    /// <summary>The rule that keeps what either of two keeps.</summary>
    public RetentionRule Or(RetentionRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RetentionRule(Longer(Days, other.Days), Longer(Count, other.Count));
    }

    /// <summary>Whether something has to go.</summary>
    /// <param name="since">Since when it is kept.</param>
    /// <param name="isBeyondCount">Whether <see cref="Count"/> newer ones are kept.</param>
    /// <param name="now">The moment.</param>
    public bool LetsGo(DateTimeOffset since, bool isBeyondCount, DateTimeOffset now) =>
        (Days > 0 && since < now - TimeSpan.FromDays(Days)) || (Count > 0 && isBeyondCount);

    private static int Longer(int one, int other) => one == 0 || other == 0 ? 0 : Math.Max(one, other);
}
