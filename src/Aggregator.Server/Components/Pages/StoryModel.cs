using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a story's page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Id">The story's number.</param>
/// <param name="Entries">Its entries with their sources, the one that leads first.</param>
/// <param name="Compared">The one that is compared with the first, or null when there is no other.</param>
/// <param name="Diff">In what it differs; null where the text of one of the two may not be shown.</param>
/// <param name="Language">The language of the first (BCP 47), or null.</param>
public sealed record StoryModel(
    IReadOnlyList<Category> Categories, long Id, IReadOnlyList<(StoryMember Member, Source? Source)> Entries, StoryMember? Compared, ArticleDiff? Diff, string? Language);
