namespace Aggregator.Core.Stories;

/// <summary>What a comparison of two texts found.</summary>
/// <param name="IsSame">Whether both tell the same article.</param>
/// <param name="Lower">Of the text of which less stands in the other, how much: 0 to 1.</param>
/// <param name="Higher">Of the other text, how much.</param>
/// <param name="Conflicts">How many facts stand in the same place and differ, weighed by what they are.</param>
/// <param name="Allowed">How many may.</param>
public sealed record StoryLikeness(bool IsSame, double Lower, double Higher, double Conflicts, double Allowed);
