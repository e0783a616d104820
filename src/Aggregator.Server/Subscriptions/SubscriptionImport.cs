using System.Globalization;
using System.Text;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Hosting;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Subscriptions;

/// <summary>
/// Adds what a subscription list names. The folder around a source is its category. What is there already stays as it is, and where it is:
/// so other readers do it, and so a list that is imported again moves nothing back.
/// Only a list inside the catalogue folder may name files, and only files inside that folder.
/// </summary>
internal sealed class SubscriptionImport(
    ISourceStore sources, ICategoryStore categories, IRetentionStore retentions, TargetGuard guard, ServerSettings settings, AuditTrail trail, TimeProvider time)
{
    /// <summary>The largest list, in bytes.</summary>
    public const long MaxBytes = ParserLimits.MaxDocumentBytes;

    /// <summary>The longest address, in characters.</summary>
    private const int MaxUrlLength = 2000;

    /// <summary>Sources that one transaction adds: readers and refreshes get their turn in between.</summary>
    private const int BatchSize = 500;

    /// <summary>How far a document is searched for declarations before its first element.</summary>
    private const int PrologBytes = 1024 * 1024;

    /// <summary>The longest name or address in a report, in characters.</summary>
    private const int ShownLength = 200;

    private readonly ISourceStore _sources = sources;
    private readonly ICategoryStore _categories = categories;
    private readonly IRetentionStore _retentions = retentions;
    private readonly TargetGuard _guard = guard;
    private readonly AuditTrail _trail = trail;
    private readonly TimeProvider _time = time;

    /// <summary>Imports a file.</summary>
    /// <inheritdoc cref="ImportAsync" path="/param"/>
    public async Task<ImportReport> ImportFileAsync(string path, CancellationToken cancellationToken, IProgress<ImportProgress>? progress = null, ImportedBy? by = null)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return ImportReport.RefusedWhole(ImportReason.NoFile, path);
        if (file.Length > MaxBytes) return ImportReport.RefusedWhole(ImportReason.TooLarge, file.Name, TextOf(MaxBytes));
        var body = await File.ReadAllBytesAsync(path, cancellationToken);
        return await ImportAsync(body, file.FullName, progress, cancellationToken, by);
    }

    /// <summary>Imports a list.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="path">The file that it is, absolute; null when it came from somewhere else and so names no files.</param>
    /// <param name="progress">Told after every batch, or null.</param>
    /// <param name="cancellationToken">Ends the import; what was added until then stays.</param>
    /// <param name="by">Whose change it is; null for nobody's, which is the catalogue at the first start.</param>
    public async Task<ImportReport> ImportAsync(
        ReadOnlyMemory<byte> body, string? path, IProgress<ImportProgress>? progress, CancellationToken cancellationToken, ImportedBy? by = null)
    {
        var name = path is null ? "" : Path.GetFileName(path);
        if (Judge(body.Span, name) is { } refused) return new ImportReport { Refused = 1, Lines = [refused] };
        return OpmlReader.TryRead(body, out var document, out var reason)
            ? await new Run(this, path, progress, by, cancellationToken).ImportAsync(document)
            : ImportReport.RefusedWhole(ImportReason.NoList, name, reason);
    }

    /// <summary>Why a document is not even read, or null.</summary>
    public static ImportLine? Judge(ReadOnlySpan<byte> body, string name = "")
    {
        var line = new ImportLine(0, ImportOutcome.Refused, name, "");
        if (body.Length > MaxBytes) return line with { Reason = ImportReason.TooLarge, Detail = TextOf(MaxBytes) };
        if (IsPacked(body)) return line with { Reason = ImportReason.Packed };
        return DeclaresEntities(body) ? line with { Reason = ImportReason.Entities } : null;
    }

    /// <summary>What <c>feed://host/path</c> and <c>feed:https://host/path</c> mean, the old ways to say "open this in a reader".</summary>
    public static string FromFeedScheme(string url)
    {
        var rest = url["feed:".Length..];
        return rest.StartsWith("//", StringComparison.Ordinal) ? "http:" + rest : rest;
    }

    private static bool IsPacked(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || body.StartsWith("PK\u0003\u0004"u8)
        || body.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || body.StartsWith("BZh"u8) || body.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58]);

    // Any encoding that XML comes in writes these letters as their ASCII bytes, with or without zeros between them.
    private static bool DeclaresEntities(ReadOnlySpan<byte> body)
    {
        var head = body[..Math.Min(body.Length, PrologBytes)];
        var prolog = Encoding.Latin1.GetString(head).Replace("\0", "", StringComparison.Ordinal);
        var root = prolog.IndexOf("<opml", StringComparison.OrdinalIgnoreCase);
        return (root < 0 ? prolog : prolog[..root]).Contains("<!ENTITY", StringComparison.OrdinalIgnoreCase);
    }

    private static string TextOf(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string? CatalogueOf(string? path) =>
        path is not null && settings.CatalogueFolder is { } folder
        && path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? folder
            : null;

    private sealed class Run(SubscriptionImport import, string? path, IProgress<ImportProgress>? progress, ImportedBy? by, CancellationToken cancellationToken)
    {
        private readonly string? _catalogue = import.CatalogueOf(path);
        private readonly Dictionary<string, Category> _categories = new(StringComparer.Ordinal);
        private readonly List<string> _newCategories = [];
        private readonly Dictionary<string, Wanted> _named = new(StringComparer.Ordinal);
        private readonly List<Wanted> _wanted = [];
        private readonly List<ImportLine> _lines = [];
        private readonly Dictionary<ImportOutcome, int> _counts = Enum.GetValues<ImportOutcome>().ToDictionary(static outcome => outcome, static _ => 0);
        private int _number;
        private int _done;
        private int _total;

        public async Task<ImportReport> ImportAsync(OpmlDocument document)
        {
            _total = document.Feeds().Count();
            try
            {
                progress?.Report(new ImportProgress(0, _total));
                await PlanAsync(document);
                foreach (var batch in _wanted.Chunk(BatchSize)) await AddAsync(batch);
            }
            catch
            {
                await RecordAsync(isCutOff: true);
                throw;
            }

            await RecordAsync(isCutOff: false);
            return new ImportReport
            {
                Added = _counts[ImportOutcome.Added],
                Known = _counts[ImportOutcome.Known],
                Refused = _counts[ImportOutcome.Refused],
                Categories = _categories.Count,
                LeftOut = _counts.Values.Sum() - _lines.Count,
                Lines = [.. _lines.OrderBy(static line => line.Number)],
            };
        }

        /// <summary>
        /// Makes the categories, and gathers for each source all of those that the list names it in. A source is added with all of them at
        /// once: whatever cuts the import off, one that is there has its categories, and one that was there before is left where it is.
        /// </summary>
        private async Task PlanAsync(OpmlDocument document)
        {
            var stack = new Stack<(OpmlOutline Outline, Category? Category)>();
            foreach (var outline in document.Outlines.Reverse()) stack.Push((outline, null));
            while (stack.TryPop(out var next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var category = next.Category;
                if (next.Outline.XmlUrl is not null) Take(next.Outline, category);
                else if (next.Outline.Outlines.Count > 0 || next.Outline.Own("slug") is not null) category = await CategoryOfAsync(next.Outline) ?? category;
                foreach (var inner in next.Outline.Outlines.Reverse()) stack.Push((inner, category));
            }
        }

        private async Task<Category?> CategoryOfAsync(OpmlOutline folder)
        {
            var wanted = CategoryOutline.Read(folder, out var problems);
            foreach (var (reason, detail) in problems) Note(new ImportLine(0, ImportOutcome.Partly, Shortened(folder.DisplayName), "", reason, detail));
            if (wanted is null) return null;
            if (_categories.TryGetValue(wanted.Slug, out var known)) return known;

            var there = await import._categories.FindAsync(wanted.Slug, cancellationToken) ?? await import._categories.FindByOldSlugAsync(wanted.Slug, cancellationToken);
            var category = there ?? await import._categories.AddAsync(wanted, cancellationToken);
            if (there is null) _newCategories.Add(category.Slug);
            if (there is null && RetentionOf(folder, new ImportLine(0, ImportOutcome.Partly, Shortened(folder.DisplayName), "")) is { IsEmpty: false } retention)
                await import._retentions.SetRetentionAsync(Topic.Category(category.Id), retention, cancellationToken);
            if (there is null)
                foreach (var old in (folder.Own("oldSlugs") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(ParserLimits.MaxAttributes))
                    await import._categories.AddOldSlugAsync(category.Id, old, import._time.GetUtcNow(), cancellationToken);
            return _categories[wanted.Slug] = category;
        }

        private void Take(OpmlOutline outline, Category? category)
        {
            var (name, shown) = (Shortened(outline.DisplayName), Shortened(ShownAddress.Of(outline.XmlUrl!)));
            var line = new ImportLine(++_number, ImportOutcome.Added, name, shown);
            if (Address(outline.XmlUrl!.Trim()) is not { } url)
            {
                End(line with { Outcome = ImportOutcome.Refused, Reason = _catalogue is null ? ImportReason.NotAnAddress : ImportReason.NotADocument });
                return;
            }

            if (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" && !SourceAddress.IsAllowed(absolute, import._guard))
            {
                End(line with { Outcome = ImportOutcome.Refused, Reason = ImportReason.Private });
                return;
            }

            if (!_named.TryGetValue(url, out var wanted))
            {
                wanted = new Wanted(line, outline, url);
                _named.Add(url, wanted);
                _wanted.Add(wanted);
            }
            else
            {
                End(line with { Outcome = ImportOutcome.Known, Reason = ImportReason.Repeated });
            }

            if (category is not null) wanted.Categories.Add(category.Id);
        }

        private async Task AddAsync(IReadOnlyList<Wanted> batch)
        {
            var sources = batch.Select(wanted =>
            {
                var source = SourceOutline.Read(wanted.Outline, wanted.Url, wanted.Categories, out var problems);
                foreach (var (reason, detail) in problems) Note(wanted.Line with { Outcome = ImportOutcome.Partly, Reason = reason, Detail = detail });
                return source with { Retention = RetentionOf(wanted.Outline, wanted.Line) };
            }).ToList();
            var added = await import._sources.AddManyAsync(sources, import._time.GetUtcNow(), cancellationToken);
            foreach (var (wanted, result) in batch.Zip(added)) End(result.IsNew ? wanted.Line : wanted.Line with { Outcome = ImportOutcome.Known });
            progress?.Report(new ImportProgress(_done, _total));
        }

        /// <summary>Puts what came of it on record, whole or cut off: what was added stays in either case.</summary>
        private async Task RecordAsync(bool isCutOff)
        {
            var (added, known, refused) = (_counts[ImportOutcome.Added], _counts[ImportOutcome.Known], _counts[ImportOutcome.Refused]);
            if (by is null || added + _newCategories.Count == 0) return;
            await import._trail.RecordAsync(
                by.Actor, "opml.import", by.Subject, before: null,
                new { by.Name, added, known, refused, newCategories = _newCategories.Count == 0 ? null : _newCategories, isCutOff = isCutOff ? true : (bool?)null });
        }

        private RetentionSettings RetentionOf(OpmlOutline outline, ImportLine line)
        {
            var settings = RetentionAttributes.Read(outline, out var problem);
            if (problem is not null) Note(line with { Outcome = ImportOutcome.Partly, Reason = ImportReason.Retention, Detail = problem });
            return settings;
        }

        private void End(ImportLine line)
        {
            _done++;
            Note(line);
        }

        private void Note(ImportLine line)
        {
            if (++_counts[line.Outcome] <= ImportReport.MaxLines) _lines.Add(line);
        }

        private string? Address(string xmlUrl)
        {
            if (xmlUrl.StartsWith("feed:", StringComparison.OrdinalIgnoreCase)) xmlUrl = FromFeedScheme(xmlUrl);
            if (xmlUrl.Length is 0 or > MaxUrlLength) return null;
            // On Unix "/etc/passwd" is an absolute address of the scheme file; it is refused like any other scheme.
            if (Uri.TryCreate(xmlUrl, UriKind.Absolute, out var url))
                return url.Scheme is "http" or "https" && url.Host.Length > 0 && url.AbsoluteUri is { Length: <= NewSource.MaxUrlBytes } address ? address : null;
            return _catalogue is null ? null : CatalogueDocumentFetcher.AddressOf(_catalogue, path!, xmlUrl);
        }

        private static string Shortened(string text) => TextCut.WithEllipsis(text, ShownLength);

        /// <summary>A source that is to be added, with every category that the list names it in.</summary>
        private sealed record Wanted(ImportLine Line, OpmlOutline Outline, string Url)
        {
            public List<long> Categories { get; } = [];
        }
    }
}
