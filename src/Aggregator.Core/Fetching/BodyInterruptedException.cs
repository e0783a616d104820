namespace Aggregator.Core.Fetching;

/// <summary>The connection broke while the body was coming.</summary>
/// <param name="cause">How.</param>
internal sealed class BodyInterruptedException(Exception cause) : Exception("The answer ended before it was complete.", cause);
