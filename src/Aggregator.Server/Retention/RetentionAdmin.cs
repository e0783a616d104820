using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;

namespace Aggregator.Server.Retention;

/// <summary>What admins set of how long things are kept, for the dashboard's pages and the API alike; every change is put on record.</summary>
internal sealed class RetentionAdmin(IRetentionStore store, ISourceStore sources, ICategoryStore categories, RetentionOptions options, AuditTrail trail)
{
    /// <summary>Sources on a page of the overview.</summary>
    private const int SourcesOnPage = 200;

    private const int MaxAttempts = 5;

    /// <summary>What is said of a source or a category, or null when there is none.</summary>
    public async Task<RetentionState?> FindAsync(Topic topic, CancellationToken cancellationToken)
    {
        switch (topic)
        {
            case Topic.OfCategory { CategoryId: var id } when await categories.FindAsync(id, cancellationToken) is { } category:
                return new RetentionState(
                    topic, category.Title, await store.FindRetentionAsync(topic, cancellationToken), options.Of(category), [], options.General.Settings);
            case Topic.OfSource { SourceId: var id } when await ListingAsync(id, cancellationToken) is { } listing:
                var set = await store.ListOfCategoriesAsync(cancellationToken);
                var ofCategories = listing.Categories.Select(category => (category, Said: set.GetValueOrDefault(category.Id, RetentionSettings.None).Over(options.Of(category))));
                return new RetentionState(
                    topic, listing.Source.DisplayTitle, await store.FindRetentionAsync(topic, cancellationToken), options.Of(listing.Source),
                    [.. ofCategories.Where(static category => !category.Said.IsEmpty)], options.General.Settings);
            default:
                return null;
        }
    }

    /// <summary>Everything that is set, of sources a page: those behind the one given.</summary>
    public async Task<RetentionOverview> ReadAsync(long afterId, CancellationToken cancellationToken)
    {
        var ofCategories = await store.ListOfCategoriesAsync(cancellationToken);
        var ofSources = await store.ListOfSourcesAsync(afterId, SourcesOnPage + 1, cancellationToken);
        var named = ofSources.Keys.Concat(options.Sources.Keys.Select(static id => long.Parse(id, CultureInfo.InvariantCulture)).Where(id => id > afterId)).Distinct().Order().ToList();
        var found = await sources.FindManyAsync([.. named.Take(SourcesOnPage)], cancellationToken);
        return new RetentionOverview(
            options.General.Settings,
            [.. (await categories.ListAsync(cancellationToken)).Select(category => (category, ofCategories.GetValueOrDefault(category.Id, RetentionSettings.None).Over(options.Of(category))))],
            [.. found.OrderBy(static source => source.Id).Select(source => (source, ofSources.GetValueOrDefault(source.Id, RetentionSettings.None).Over(options.Of(source))))],
            named.Count > SourcesOnPage ? named[SourcesOnPage - 1] : null);
    }

    /// <summary>Sets what an admin says of a source or a category.</summary>
    /// <param name="topic">Of which.</param>
    /// <param name="wanted">What; <see cref="RetentionSettings.Problem"/> has to be null.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="seen">What the caller has seen: when something else is set meanwhile, nothing is done. Null means whatever is set.</param>
    public async Task<RetentionUpdate> SetAsync(Topic topic, RetentionSettings wanted, string by, CancellationToken cancellationToken, RetentionSettings? seen = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            // What the record says of before is what was really replaced.
            var before = seen ?? await store.FindRetentionAsync(topic, cancellationToken);
            var outcome = await store.SetRetentionAsync(topic, wanted, before, cancellationToken);
            if (outcome == RetentionUpdate.Changed && seen is null && attempt < MaxAttempts) continue;
            if (outcome == RetentionUpdate.Done && before != wanted)
                await trail.RecordAsync(by, topic is Topic.OfSource ? "source.retention" : "category.retention", await SubjectOfAsync(topic, cancellationToken), before, wanted);
            return outcome;
        }
    }

    private async Task<SourceListing?> ListingAsync(long id, CancellationToken cancellationToken) =>
        id > 0 && await sources.ListAsync(id - 1, 1, cancellationToken) is [var listing] && listing.Source.Id == id && listing.Source.State != SourceState.Deleted
            ? listing
            : null;

    private async Task<string> SubjectOfAsync(Topic topic, CancellationToken cancellationToken) => topic switch
    {
        Topic.OfCategory { CategoryId: var id } when await categories.FindAsync(id, cancellationToken) is { } category => "category:" + category.Slug,
        Topic.OfCategory { CategoryId: var id } => string.Create(CultureInfo.InvariantCulture, $"category:{id}"),
        Topic.OfSource { SourceId: var id } => string.Create(CultureInfo.InvariantCulture, $"source:{id}"),
        _ => throw new ArgumentException("Retention is set for a source or a category.", nameof(topic)),
    };
}
