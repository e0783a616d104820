using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Subscriptions;

/// <summary>Writes the admin's own subscription list: addresses as they are polled, credentials included, for <c>import</c> to read again.</summary>
internal sealed class SubscriptionExport(ISourceStore sources, ICategoryStore categories)
{
    /// <summary>All sources, or one category's, as OPML 2.0 in UTF-8; null when there is no such category.</summary>
    public async Task<byte[]?> CreateAsync(string? slug, CancellationToken cancellationToken)
    {
        var folders = new List<OpmlOutline>();
        var written = new HashSet<long>();
        foreach (var category in await categories.ListAsync(cancellationToken))
        {
            if (slug is not null && category.Slug != slug) continue;
            var outlines = new List<OpmlOutline>();
            await foreach (var listing in sources.ReadAllAsync(category.Id, cancellationToken))
            {
                written.Add(listing.Source.Id);
                outlines.Add(Outline(listing.Source));
            }

            folders.Add(Folder(category, outlines));
        }

        if (slug is not null && folders.Count == 0) return null;
        if (slug is null)
        {
            await foreach (var listing in sources.ReadAllAsync(null, cancellationToken))
                if (written.Add(listing.Source.Id))
                    folders.Add(Outline(listing.Source));
        }

        using var buffer = new MemoryStream();
        OpmlWriter.Write(buffer, new OpmlDocument { Title = "Aggregator", Outlines = folders });
        return buffer.ToArray();
    }

    private static OpmlOutline Folder(Category category, IReadOnlyList<OpmlOutline> outlines) => new()
    {
        Text = category.Title,
        Attributes = Own(
            ("slug", category.Slug), ("language", category.Language), ("description", category.Description),
            ("attribution", category.ShowAttribution ? null : "false"),
            ("position", category.Position == 0 ? null : category.Position.ToString(CultureInfo.InvariantCulture))),
        Outlines = outlines,
    };

    private static OpmlOutline Outline(Source source) => new()
    {
        Text = source.DisplayTitle,
        Type = "rss",
        XmlUrl = source.IsCatalogueDocument ? source.Url[(Source.CatalogueScheme.Length + 1)..] : source.Url,
        HtmlUrl = source.Feed.SiteUrl,
        Attributes = [
            .. source.DefaultLanguage is { } language ? [new KeyValuePair<string, string>("language", language)] : Array.Empty<KeyValuePair<string, string>>(),
            .. Own(("zone", source.DefaultZone))],
    };

    private static List<KeyValuePair<string, string>> Own(params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var own = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in attributes)
            if (value is not null)
                own.Add(new KeyValuePair<string, string>(OpmlOutline.AttributeName(OpmlOutline.OwnNamespace, name), value));
        return own;
    }
}
