namespace Aggregator.Core.Stores;

/// <summary>How long what is of a source or of a category is kept. A part that is null is left to whoever is asked next: the source's categories, then the general rule.</summary>
/// <param name="Entries">
/// For how long whole entries are kept, counted from when we first had them, or how many newest of the source or category; an entry
/// that its feed still holds is always kept.
/// </param>
/// <param name="Versions">For how long the texts of versions are kept, counted from their capture, or how many newest of an entry; the first and the last always are.</param>
public sealed record RetentionSettings(RetentionRule? Entries = null, RetentionRule? Versions = null)
{
    /// <summary>The smallest count of versions that can be set besides 0: the first and the last are kept anyway.</summary>
    public const int MinVersionCount = 2;

    /// <summary>Nothing of its own.</summary>
    public static RetentionSettings None { get; } = new();

    /// <summary>Whether nothing is set.</summary>
    public bool IsEmpty => Entries is null && Versions is null;

    /// <summary>These, and where they say nothing, others.</summary>
    public RetentionSettings Over(RetentionSettings others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new RetentionSettings(Entries ?? others.Entries, Versions ?? others.Versions);
    }

    /// <summary>Names the first value that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem() =>
        IsOutOfRange(Entries?.Days, RetentionRule.MaxDays) || IsOutOfRange(Versions?.Days, RetentionRule.MaxDays)
            ? $"Days must be 0 (for ever) to {RetentionRule.MaxDays}."
        : IsOutOfRange(Entries?.Count, RetentionRule.MaxCount) ? $"The count of entries must be 0 (all) to {RetentionRule.MaxCount}."
        : IsOutOfRange(Versions?.Count, RetentionRule.MaxCount) || Versions?.Count is > 0 and < MinVersionCount
            ? $"The count of versions must be 0 (all), or {MinVersionCount} to {RetentionRule.MaxCount}."
        : null;

    private static bool IsOutOfRange(int? value, int max) => value < 0 || value > max;
}
