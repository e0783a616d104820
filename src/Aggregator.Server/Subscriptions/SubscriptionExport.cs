using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Subscriptions;

/// <summary>
/// Writes the admin's own subscription list, with every setting of sources and categories, for <c>import</c> to read again. Secrets
/// are written only when they are asked for.
/// </summary>
internal sealed class SubscriptionExport(ISourceStore sources, ICategoryStore categories, IRetentionStore retentions)
{
    /// <summary>The list as OPML 2.0 in UTF-8; null when there is no such category.</summary>
    public async Task<ExportedList?> CreateAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        var folders = new List<OpmlOutline>();
        var written = new HashSet<long>();
        var secrets = 0;
        var found = false;
        var kept = await retentions.ReadPlanAsync(RetentionRule.ForEver, RetentionRule.ForEver, cancellationToken);
        var oldSlugs = await categories.OldSlugsAsync(cancellationToken);
        foreach (var category in await categories.ListAsync(cancellationToken))
        {
            if (request.Slug is not null && category.Slug != request.Slug) continue;
            found = true;
            var outlines = new List<OpmlOutline>();
            await foreach (var listing in sources.ReadAllAsync(category.Id, cancellationToken))
                if (IsAsked(listing.Source))
                    outlines.Add(Outline(listing.Source));
            if (outlines.Count > 0 || !request.FailingOnly) folders.Add(CategoryOutline.Of(category, oldSlugs[category.Id], kept.OfCategories.GetValueOrDefault(category.Id, RetentionSettings.None), outlines));
        }

        if (request.Slug is not null && !found) return null;
        if (request.Slug is null)
        {
            await foreach (var listing in sources.ReadAllAsync(null, cancellationToken))
                if (!written.Contains(listing.Source.Id) && IsAsked(listing.Source))
                    folders.Add(Outline(listing.Source));
        }

        using var buffer = new MemoryStream();
        OpmlWriter.Write(buffer, new OpmlDocument { Title = "Aggregator", Outlines = folders });
        return new ExportedList(buffer.ToArray(), written.Count, request.WithSecrets ? 0 : secrets);

        bool IsAsked(Source source) => !request.FailingOnly || source.FailureCount > 0 || source.State == SourceState.Gone;

        OpmlOutline Outline(Source source)
        {
            if (written.Add(source.Id) && SourceOutline.HasSecrets(source)) secrets++;
            return SourceOutline.Of(source, kept.OfSources.GetValueOrDefault(source.Id, RetentionSettings.None), request.WithSecrets);
        }
    }
}
