using Aggregator.Core.Model;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Sources;

/// <summary>A row of <c>fetch_log</c>.</summary>
internal sealed record FetchLogRow
{
    public required long At { get; init; }
    public required int Kind { get; init; }
    public long? DurationMs { get; init; }
    public int? Status { get; init; }
    public long? Bytes { get; init; }
    public required int Redirects { get; init; }
    public required int Added { get; init; }
    public required int Changed { get; init; }
    public int? FailureKind { get; init; }
    public string? FailureMessage { get; init; }

    public FetchRecord ToRecord() => new()
    {
        At = UnixTime.FromMilliseconds(At),
        Kind = (FetchRecordKind)Kind,
        Duration = DurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        Status = Status,
        Bytes = Bytes,
        Redirects = Redirects,
        Added = Added,
        Changed = Changed,
        Failure = FailureKind is { } kind ? new FetchFailure((FetchFailureKind)kind, FailureMessage ?? "", UnixTime.FromMilliseconds(At), Status) : null,
    };
}
