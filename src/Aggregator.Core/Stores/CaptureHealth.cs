namespace Aggregator.Core.Stores;

/// <summary>How it stands with the captures of a source's pages.</summary>
/// <param name="Waiting">Entries whose page is still to be looked at for the first time, or again after a failure.</param>
/// <param name="Captured">Entries of which a page was kept.</param>
/// <param name="Failed">Entries whose last look was refused or given up.</param>
/// <param name="LastReason">Why the last one that failed did, in one English sentence; null when none did.</param>
/// <param name="LastReasonAt">When that was.</param>
public sealed record CaptureHealth(long Waiting, long Captured, long Failed, string? LastReason, DateTimeOffset? LastReasonAt);
