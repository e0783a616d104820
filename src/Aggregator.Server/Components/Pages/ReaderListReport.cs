using Aggregator.Core.Parsing;

namespace Aggregator.Server.Components.Pages;

/// <summary>What came of a reader's subscription list.</summary>
/// <param name="Found">How many of its feeds we carry.</param>
/// <param name="Followed">How many of those are followed now.</param>
/// <param name="Missing">The first of those that we do not carry.</param>
/// <param name="MissingCount">How many those are.</param>
/// <param name="IsCut">Whether the list has more feeds than were looked at.</param>
public sealed record ReaderListReport(int Found, int Followed, IReadOnlyList<OpmlOutline> Missing, int MissingCount, bool IsCut)
{
    /// <summary>How many of the missing are named.</summary>
    public const int MaxMissing = 100;
}
