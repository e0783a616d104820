namespace Aggregator.Core.Snapshots;

/// <summary>What of a version is compared.</summary>
/// <param name="Title">The title as plain text; empty when there is none.</param>
/// <param name="Authors">The authors in one line; empty when there are none.</param>
/// <param name="Content">The body as sanitised HTML, or null.</param>
public sealed record ComparedText(string Title, string Authors, string? Content);
