using Aggregator.Core.Stores;

namespace Aggregator.Server.Sources;

/// <summary>What was seen at an address before it is added.</summary>
/// <param name="Entered">What was entered.</param>
/// <param name="Url">The address that it means, or null when it is refused.</param>
/// <param name="Known">The source that has it, or one that most probably gives the same; or null.</param>
/// <param name="Preview">What it would bring; null when it is refused, or was not looked at.</param>
/// <param name="Problem">Why it is refused, or null.</param>
public sealed record LookedAtAddress(string Entered, string? Url, KnownAddress? Known, SourcePreview? Preview, SourceProblem? Problem)
{
    /// <summary>The most addresses that are looked at at once.</summary>
    public const int Most = 20;
}
