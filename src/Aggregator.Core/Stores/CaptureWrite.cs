using Aggregator.Core.Capturing;

namespace Aggregator.Core.Stores;

/// <summary>Everything that one look at a page changes. It is written in one transaction, or not at all.</summary>
public sealed record CaptureWrite
{
    /// <summary>The capture as it was claimed.</summary>
    public required DueCapture Claimed { get; init; }

    /// <summary>Who holds the lease. When it was lost meanwhile, nothing is written.</summary>
    public required string LeaseOwner { get; init; }

    /// <summary>The moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How it stands from now on.</summary>
    public required CaptureState State { get; init; }

    /// <summary>How the look ended.</summary>
    public required CaptureOutcome Outcome { get; init; }

    /// <summary>Why nothing was kept, in one English sentence; null after a success.</summary>
    public string? Reason { get; init; }

    /// <summary>Failed attempts of the look that is due next.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is looked at next, null for never; what the feed ordered meanwhile goes before it.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The page to keep, or null.</summary>
    public PageSnapshotWrite? Page { get; init; }

    /// <summary>What to ask with next time, when there is a <see cref="Page"/>.</summary>
    public string? ETag { get; init; }

    /// <summary>What to ask with next time, when there is a <see cref="Page"/>.</summary>
    public string? LastModified { get; init; }
}
