using System.Globalization;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>How far what we read agrees with what the corpus expects: per bucket, per field.</summary>
internal sealed class CorpusScore
{
    internal static readonly string[] Fields = ["feed_title", "id", "title", "link", "published", "date", "author", "summary", "content", "body", "enclosures", "categories"];

    private readonly SortedDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    internal Bucket All => _buckets["ALL"];

    internal Bucket Real => _buckets["REAL"];

    internal int Any { get; private set; }

    internal int AnyRead { get; private set; }

    internal int Reject { get; private set; }

    internal List<string> Accepted { get; } = [];

    /// <summary>Each value that differs: file, field, expected, read.</summary>
    internal List<(string File, string Field, string? Expected, string? Read)> Differences { get; } = [];

    internal void Add(JsonElement expectation, ParseResult result)
    {
        var file = expectation.GetProperty("file").GetString()!;
        var feed = (result as ParseResult.Parsed)?.Feed;
        switch (expectation.GetProperty("must").GetString())
        {
            case "any":
                Any++;
                if (feed is not null) AnyRead++;
                return;
            case "reject":
                Reject++;
                if (feed is not null && (feed.Entries.Count > 0 || feed.Title is not null)) Accepted.Add(file);
                return;
        }

        var buckets = new List<Bucket> { Find(expectation.GetProperty("kind").GetString()!), Find("ALL") };
        if (expectation.GetProperty("real").GetBoolean()) buckets.Add(Find("REAL"));
        foreach (var bucket in buckets)
        {
            bucket.Files++;
            if (feed is not null) bucket.Parsed++;
        }

        void Count(string field, bool agrees, string? expected, string? read)
        {
            foreach (var bucket in buckets)
            {
                var (total, agreed) = bucket.Values.GetValueOrDefault(field);
                bucket.Values[field] = (total + 1, agreed + (agrees ? 1 : 0));
            }

            if (!agrees) Differences.Add((file, field, expected, read));
        }

        var disputed = Strings(expectation, "disputed");
        if (Text(expectation, "title") is { Length: > 0 } feedTitle && !disputed.Contains("title"))
            Count("feed_title", CorpusText.Key(feed?.Title?.Value) == CorpusText.WithoutSpace(feedTitle), feedTitle, feed?.Title?.Value);

        if (disputed.Contains("entries")) return;
        var count = expectation.GetProperty("entries");
        var least = expectation.TryGetProperty("entries_min", out var minimum) && minimum.ValueKind == JsonValueKind.Number ? minimum.GetInt32() : (int?)null;
        if (count.ValueKind == JsonValueKind.Number) Count("entries", feed is not null && feed.Entries.Count == count.GetInt32(), count.GetRawText(), feed?.Entries.Count.ToString(CultureInfo.InvariantCulture));
        else if (least is not null) Count("entries", feed is not null && feed.Entries.Count >= least, "≥ " + least, feed?.Entries.Count.ToString(CultureInfo.InvariantCulture));

        var i = 0;
        foreach (var item in expectation.GetProperty("items").EnumerateArray())
        {
            var entry = feed is not null && i < feed.Entries.Count ? feed.Entries[i] : new ParsedEntry();
            i++;
            AddItem(item, entry, feed, Count);
        }
    }

    private static void AddItem(JsonElement item, ParsedEntry entry, ParsedFeed? feed, Action<string, bool, string?, string?> count)
    {
        var disputed = Strings(item, "disputed");
        bool Scored(string field) => !disputed.Contains(field);

        if (Text(item, "id") is { Length: > 0 } id && Scored("id")) count("id", CorpusText.Plain(entry.Id) == CorpusText.Plain(id), id, entry.Id);
        if (Text(item, "title") is { Length: > 0 } title && Scored("title")) count("title", CorpusText.Key(entry.Title?.Value) == CorpusText.WithoutSpace(title), title, entry.Title?.Value);
        if (Text(item, "link") is { Length: > 0 } link && Scored("link")) count("link", CorpusText.UrlKey(entry.Link) == CorpusText.UrlKey(link), link, entry.Link);

        string? published = Date(entry.PublishedAt), updated = Date(entry.UpdatedAt);
        string? expectedPublished = Text(item, "published"), expectedUpdated = Text(item, "updated");
        if (expectedPublished is { Length: > 0 } && Scored("published")) count("published", published == expectedPublished, expectedPublished, published);
        var hasPublished = expectedPublished is { Length: > 0 };
        var date = hasPublished ? expectedPublished : expectedUpdated;
        if (date is { Length: > 0 } && Scored("date") && Scored(hasPublished ? "published" : "updated"))
            count("date", (published ?? updated) == date || (!hasPublished && updated == date), date, published ?? updated);

        if (Text(item, "author") is { Length: > 0 } author && Scored("author"))
        {
            var authors = entry.Authors.Count > 0 ? entry.Authors : feed?.Authors ?? [];
            var read = CorpusText.Plain(string.Join(", ", authors.Select(static person => person.Name))).ToLowerInvariant();
            var email = authors.FirstOrDefault(static person => person.Email is not null)?.Email;
            var expected = CorpusText.Plain(author).ToLowerInvariant();
            var expectedEmail = Text(item, "author_email");
            var agrees = (read.Length > 0 || email is not null)
                && (read.Contains(expected, StringComparison.Ordinal) || (expectedEmail is { Length: > 0 } && (expectedEmail.Equals(read, StringComparison.OrdinalIgnoreCase) || expectedEmail.Equals(CorpusText.Plain(email), StringComparison.OrdinalIgnoreCase))));
            count("author", agrees, author, read);
        }

        foreach (var field in (string[])["summary", "content"])
            if (Text(item, field + "_text") is { Length: > 0 } text && Scored(field))
            {
                var read = field == "summary" ? entry.Summary?.Value : entry.Content?.Value;
                count(field, Agrees(text, Length(item, field + "_len"), read), text, read);
            }

        var body = Text(item, "content_text") is { Length: > 0 } ? "content" : "summary";
        if (Text(item, body + "_text") is { Length: > 0 } whole && Scored("body") && Scored(body))
        {
            var read = string.IsNullOrEmpty(entry.Content?.Value) ? entry.Summary?.Value : entry.Content.Value;
            count("body", Agrees(whole, Length(item, body + "_len"), read), whole, read);
        }

        if (item.TryGetProperty("enclosures", out var files) && files.GetArrayLength() > 0 && Scored("enclosures"))
        {
            var expected = files.EnumerateArray().Select(static file => CorpusText.UrlKey(Text(file, "url"))).Where(static url => url.Length > 0).ToHashSet(StringComparer.Ordinal);
            count("enclosures", expected.SetEquals(entry.Enclosures.Select(static file => CorpusText.UrlKey(file.Url))), string.Join(' ', expected), string.Join(' ', entry.Enclosures.Select(static file => file.Url)));
        }

        if (item.TryGetProperty("categories", out var tags) && tags.GetArrayLength() > 0 && Scored("categories"))
        {
            var expected = tags.EnumerateArray().Select(static tag => CorpusText.Plain(tag.ToString()).ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
            var read = entry.Categories.Select(static tag => CorpusText.Plain(tag).ToLowerInvariant()).Where(static tag => tag.Length > 0).ToHashSet(StringComparer.Ordinal);
            count("categories", expected.SetEquals(read), string.Join('|', expected), string.Join('|', read));
        }
    }

    internal string Table()
    {
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"{"",-10}{"files",6}{"parse%",8}{"entries",9}");
        foreach (var field in Fields) table.Append(CultureInfo.InvariantCulture, $"{field[..Math.Min(7, field.Length)],8}");
        table.AppendLine();
        foreach (var (name, bucket) in _buckets.OrderBy(static pair => pair.Key is "ALL" or "REAL"))
        {
            table.Append(CultureInfo.InvariantCulture, $"{name,-10}{bucket.Files,6}{100.0 * bucket.Parsed / bucket.Files,8:F2}{bucket.Percent("entries"),9:F2}");
            foreach (var field in Fields) table.Append(CultureInfo.InvariantCulture, $"{bucket.Percent(field),8:F2}");
            table.AppendLine();
        }

        table.AppendLine(CultureInfo.InvariantCulture, $"refused {Reject - Accepted.Count} of {Reject} that are no feeds; read {AnyRead} of {Any} broken ones");
        return table.ToString();
    }

    private Bucket Find(string name) => _buckets.TryGetValue(name, out var bucket) ? bucket : _buckets[name] = new Bucket();

    private static bool Agrees(string expected, int? length, string? read)
    {
        var key = CorpusText.Key(read);
        var text = CorpusText.WithoutSpace(expected);
        if (length is null || length <= Runes(text)) return key == text;
        return key.StartsWith(WithoutLast(text), StringComparison.Ordinal) && Math.Abs(Runes(key) - length.Value) <= Math.Max(2, length.Value * 0.02);
    }

    private static string WithoutLast(string text) => text.Length == 0 ? text : text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];

    // The corpus counts code points.
    private static int Runes(string text) => text.EnumerateRunes().Count();

    private static string? Date(DateTimeOffset? date) => date?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value.ToString() : null;

    private static int? Length(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static HashSet<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(static item => item.GetString()!)] : [];

    internal sealed class Bucket
    {
        internal int Files { get; set; }

        internal int Parsed { get; set; }

        internal Dictionary<string, (int Total, int Agreed)> Values { get; } = new(StringComparer.Ordinal);

        /// <summary>Agreement in per cent; 100 where nothing is expected.</summary>
        internal double Percent(string field) => Values.TryGetValue(field, out var value) && value.Total > 0 ? 100.0 * value.Agreed / value.Total : 100;
    }
}
