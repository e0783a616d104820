namespace Aggregator.Server.Retention;

/// <summary>The section <c>Retention</c> of the configuration.</summary>
internal sealed class RetentionOptions
{
    /// <summary>How many days an entry is kept after we first had it; 0 keeps it for ever. What its feed still holds is always kept.</summary>
    public int Days { get; set; }

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem() => Days is < 0 or > 36500 ? "Retention:Days must be a number of days from 0 (for ever) to 36500." : null;
}
