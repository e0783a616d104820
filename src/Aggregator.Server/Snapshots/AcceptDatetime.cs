using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Snapshots;

/// <summary>The header <c>Accept-Datetime</c> (RFC 7089 §2.1.1): the time of which somebody wants to see the state.</summary>
internal static class AcceptDatetime
{
    /// <summary>The header's name.</summary>
    public const string Header = "Accept-Datetime";

    /// <summary>Reads it: exactly one RFC 1123 date in GMT, as the RFC demands.</summary>
    /// <param name="values">The values of the header.</param>
    /// <param name="at">The time asked for; the end of time when the header is missing, which means the newest state.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(StringValues values, out DateTimeOffset at)
    {
        at = DateTimeOffset.MaxValue;
        return values.Count == 0
            || (values.Count == 1 && DateTimeOffset.TryParseExact(
                values[0]?.Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at));
    }
}
