using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the comparison of two versions of an article shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Earlier">The earlier version.</param>
/// <param name="Later">The later version.</param>
/// <param name="Language">The language of the text (BCP 47), or null.</param>
/// <param name="Original">The original's address, or null.</param>
/// <param name="Diff">What changed between them.</param>
public sealed record DiffModel(
    IReadOnlyList<Category> Categories, Snapshot Earlier, Snapshot Later, string? Language, string? Original, ArticleDiff Diff);
