namespace Aggregator.Core.Crawling;

/// <summary>What a crawl did.</summary>
/// <param name="Sources">Sources refreshed.</param>
/// <param name="Changed">Those that brought new or changed entries.</param>
/// <param name="Unchanged">Those that brought nothing new.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="NewEntries">New entries.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CrawlSummary(int Sources, int Changed, int Unchanged, int Failed, int NewEntries, TimeSpan Elapsed)
{
    /// <summary>Nothing done.</summary>
    public static CrawlSummary Empty { get; } = new(0, 0, 0, 0, 0, TimeSpan.Zero);

    /// <summary>This summary with one more outcome.</summary>
    public CrawlSummary With(RefreshOutcome outcome) => outcome switch
    {
        RefreshOutcome.Changed changed => this with { Sources = Sources + 1, Changed = Changed + 1, NewEntries = NewEntries + changed.Added },
        RefreshOutcome.Unchanged => this with { Sources = Sources + 1, Unchanged = Unchanged + 1 },
        RefreshOutcome.Failed => this with { Sources = Sources + 1, Failed = Failed + 1 },
        _ => this,
    };
}
