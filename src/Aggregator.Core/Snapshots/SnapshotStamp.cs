using System.Globalization;

namespace Aggregator.Core.Snapshots;

/// <summary>The time of a snapshot as it stands in addresses: <c>yyyyMMddHHmmss</c>, UTC.</summary>
public static class SnapshotStamp
{
    private const string Format = "yyyyMMddHHmmss";

    /// <summary>The stamp of a moment; what is below a second is cut.</summary>
    public static string Of(DateTimeOffset capturedAt) => capturedAt.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The second that a stamp names, or null: addresses come from strangers.</summary>
    public static DateTimeOffset? Parse(string? stamp) =>
        stamp is { Length: 14 } && DateTime.TryParseExact(
            stamp, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time, TimeSpan.Zero)
            : null;
}
