namespace Aggregator.Core.Model;

/// <summary>One fetch of a source as its health shows it. A source keeps its last <see cref="Kept"/>.</summary>
public sealed record FetchRecord
{
    /// <summary>How many fetches of a source are remembered.</summary>
    public const int Kept = 50;

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How it ended.</summary>
    public required FetchRecordKind Kind { get; init; }

    /// <summary>How long it took until its document was ready to be stored; null for a push.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The HTTP status of the last answer, or null when none came over HTTP.</summary>
    public int? Status { get; init; }

    /// <summary>What came over the wire, in bytes, redirects included.</summary>
    public long? Bytes { get; init; }

    /// <summary>How many redirects were followed.</summary>
    public int Redirects { get; init; }

    /// <summary>How many new entries were stored.</summary>
    public int Added { get; init; }

    /// <summary>How many entries changed.</summary>
    public int Changed { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public FetchFailure? Failure { get; init; }
}
