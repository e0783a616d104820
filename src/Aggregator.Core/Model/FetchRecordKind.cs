namespace Aggregator.Core.Model;

/// <summary>How a fetch ended. The numbers are stored; never renumber them.</summary>
public enum FetchRecordKind
{
    /// <summary>A document came and was read.</summary>
    Read = 1,

    /// <summary>The publisher, or the same bytes as before, said that nothing is new.</summary>
    NotModified = 2,

    /// <summary>It failed; see <see cref="FetchRecord.Failure"/>.</summary>
    Failed = 3,

    /// <summary>A hub pushed the document (WebSub).</summary>
    Pushed = 4,
}
