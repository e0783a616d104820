using System.Globalization;

namespace Aggregator.Core.Fetching;

/// <summary>A body is larger than the limit.</summary>
/// <param name="maxBytes">The limit, in bytes.</param>
/// <param name="unpacked">Whether the limit was passed after decompression.</param>
internal sealed class BodyTooLargeException(long maxBytes, bool unpacked)
    : Exception(string.Create(CultureInfo.InvariantCulture,
        $"The body is larger than {maxBytes} bytes{(unpacked ? " after decompression" : "")} ({(unpacked ? "Fetching:MaxBodyBytes" : "Fetching:MaxWireBytes")})."));
