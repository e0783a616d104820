using System.Globalization;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;

namespace Aggregator.Server.Subscriptions;

/// <summary>
/// Adds what a subscription list names. The folder around a source is its category. What is there already stays as it is.
/// Only a list inside the catalogue folder may name files, and only files inside that folder.
/// </summary>
internal sealed class SubscriptionImport(ISourceStore sources, ICategoryStore categories, ServerSettings settings, TimeProvider time)
{
    /// <summary>The largest list, in bytes.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The longest address, in characters.</summary>
    private const int MaxUrlLength = 2000;

    private readonly ISourceStore _sources = sources;
    private readonly ICategoryStore _categories = categories;
    private readonly TimeProvider _time = time;

    /// <summary>Imports a file.</summary>
    public async Task<ImportReport> ImportFileAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return ImportReport.Refused($"There is no file {path}.");
        if (file.Length > MaxBytes) return ImportReport.Refused($"It is larger than {MaxBytes} bytes.");
        var body = await File.ReadAllBytesAsync(path, cancellationToken);
        return OpmlReader.TryRead(body, out var document, out var reason)
            ? await new Run(this, file.FullName, cancellationToken).ImportAsync(document)
            : ImportReport.Refused(reason);
    }

    private string? CatalogueOf(string path) =>
        settings.CatalogueFolder is { } folder
        && path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? folder
            : null;

    private sealed class Run(SubscriptionImport import, string path, CancellationToken cancellationToken)
    {
        private readonly string? _catalogue = import.CatalogueOf(path);
        private readonly Dictionary<string, Category> _categories = new(StringComparer.Ordinal);
        private readonly List<string> _problems = [];
        private int _added;
        private int _known;

        public async Task<ImportReport> ImportAsync(OpmlDocument document)
        {
            var stack = new Stack<(OpmlOutline Outline, Category? Category)>();
            foreach (var outline in document.Outlines.Reverse()) stack.Push((outline, null));
            while (stack.TryPop(out var next))
            {
                var category = next.Category;
                if (next.Outline.XmlUrl is not null) await AddSourceAsync(next.Outline, category);
                else if (next.Outline.Outlines.Count > 0) category = await CategoryOfAsync(next.Outline) ?? category;
                foreach (var inner in next.Outline.Outlines.Reverse()) stack.Push((inner, category));
            }

            return new ImportReport(_added, _known, _categories.Count, _problems);
        }

        private async Task<Category?> CategoryOfAsync(OpmlOutline folder)
        {
            var title = folder.DisplayName;
            var wanted = folder.Own("slug");
            if (wanted is not null && !CategorySlug.IsValid(wanted))
                _problems.Add($"The category '{title}' asks for the slug '{wanted}', which may not stand in an address; another was made.");
            if (title.Length == 0 && !CategorySlug.IsValid(wanted)) return null;
            var slug = CategorySlug.IsValid(wanted) ? wanted! : CategorySlug.FromTitle(title);
            if (_categories.TryGetValue(slug, out var known)) return known;
            return _categories[slug] = await import._categories.AddAsync(new Category
            {
                Id = 0,
                Slug = slug,
                Title = title.Length > 0 ? title : slug,
                Description = folder.Own("description"),
                Language = folder.Own("language") is { Length: > 0 } language ? language : title.Any(IsHan) ? "zh" : "en",
                ShowAttribution = folder.Own("attribution") is not "false",
                Position = int.TryParse(folder.Own("position"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position) ? position : 0,
            }, cancellationToken);
        }

        private async Task AddSourceAsync(OpmlOutline outline, Category? category)
        {
            if (Address(outline.XmlUrl!.Trim()) is not { } url)
            {
                _problems.Add($"'{outline.DisplayName}' names '{Shortened(outline.XmlUrl!)}', which is not an http or https address that can be polled"
                    + (_catalogue is null ? "." : " and no document inside the catalogue folder."));
                return;
            }

            var added = await import._sources.AddAsync(new NewSource
            {
                Url = url,
                Title = outline.DisplayName == outline.XmlUrl ? null : outline.DisplayName,
                SiteUrl = Uri.TryCreate(outline.HtmlUrl, UriKind.Absolute, out var site) && site.Scheme is "http" or "https" ? site.AbsoluteUri : null,
                DefaultZone = outline.Own("zone"),
                DefaultLanguage = Attribute(outline, "language"),
                CategoryIds = category is null ? [] : [category.Id],
            }, import._time.GetUtcNow(), cancellationToken);
            if (added.IsNew) _added++;
            else _known++;
        }

        private string? Address(string xmlUrl)
        {
            if (xmlUrl.StartsWith("feed:", StringComparison.OrdinalIgnoreCase)) xmlUrl = FromFeedScheme(xmlUrl);
            if (xmlUrl.Length is 0 or > MaxUrlLength) return null;
            // On Unix "/etc/passwd" is an absolute address of the scheme file; it is refused like any other scheme.
            if (Uri.TryCreate(xmlUrl, UriKind.Absolute, out var url))
                return url.Scheme is "http" or "https" && url.Host.Length > 0 && url.AbsoluteUri is { Length: <= NewSource.MaxUrlBytes } address ? address : null;
            return _catalogue is null ? null : CatalogueDocumentFetcher.AddressOf(_catalogue, path, xmlUrl);
        }

        // "feed://host/path" and "feed:https://host/path" are the old ways to say "open this in a reader".
        private static string FromFeedScheme(string url)
        {
            var rest = url["feed:".Length..];
            return rest.StartsWith("//", StringComparison.Ordinal) ? "http:" + rest : rest;
        }

        private static string? Attribute(OpmlOutline outline, string name) =>
            outline.Attributes.FirstOrDefault(attribute => attribute.Key == name).Value is { Length: > 0 } value ? value : null;

        private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "…";

        private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';
    }
}
