using Aggregator.Core.Capturing;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of one source shows.</summary>
/// <param name="Detail">The source.</param>
/// <param name="Categories">All categories.</param>
/// <param name="Preview">What a fetch brought that was not stored, or null.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Frame">What every page of the dashboard needs.</param>
public sealed record OneSourceModel(
    SourceDetail Detail, IReadOnlyList<Category> Categories, SourcePreview? Preview, string? Notice, string? Problem, DashboardFrame Frame)
{
    /// <summary>The policy of captures that the form shows: the posted one after a refusal or a look.</summary>
    public CapturePolicy Capture { get; init; } = Detail.Source.Capture;

    /// <summary>Its newest entries as they are stored, and how much of each is shown.</summary>
    public IReadOnlyList<(StoredEntry Entry, RepublishLevel Level)> Newest { get; init; } = [];

    /// <summary>What a look at an article's page found, or null.</summary>
    public PageReading? Page { get; init; }
}
