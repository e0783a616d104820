using Aggregator.Core.Fetching;

namespace Aggregator.Core.Capturing;

/// <summary>What a host's robots.txt says, or why nothing of the host may be read.</summary>
/// <param name="File">The rules; null when they are not known.</param>
/// <param name="Instead">What becomes of a page of that host when they are not.</param>
public sealed record RobotsAnswer(RobotsFile? File, PageReading? Instead);
