namespace Aggregator.Core.Stores;

/// <summary>How long the texts of versions are kept. Hashes always stay, and so do the first and the last version of an entry.</summary>
/// <param name="Days">For how many days after their capture; 0 is for ever.</param>
/// <param name="Count">How many of an entry's newest; 0 is all.</param>
public sealed record ThinningRule(int Days = 0, int Count = 0)
{
    /// <summary>Everything, for ever.</summary>
    public static ThinningRule ForEver { get; } = new();

    /// <summary>Whether it lets nothing go.</summary>
    public bool IsForEver => Days == 0 && Count == 0;

    /// <summary>The rule that keeps what either of two keeps: for a source in several categories.</summary>
    public ThinningRule Or(ThinningRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ThinningRule(Longer(Days, other.Days), Longer(Count, other.Count));
    }

    private static int Longer(int one, int other) => one == 0 || other == 0 ? 0 : Math.Max(one, other);
}
