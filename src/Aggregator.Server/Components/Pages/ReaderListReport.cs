using Aggregator.Server.Selections;

namespace Aggregator.Server.Components.Pages;

/// <summary>What came of a reader's subscription list.</summary>
/// <param name="Match">What we carry of it.</param>
/// <param name="Followed">How many of what was found are followed now.</param>
public sealed record ReaderListReport(ReaderListMatch Match, int Followed)
{
    /// <summary>How many of the missing are named.</summary>
    public const int MaxMissing = 100;
}
