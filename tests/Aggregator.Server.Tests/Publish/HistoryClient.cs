using System.Net;
using System.Text.Json;
using System.Xml.Linq;

namespace Aggregator.Server.Tests.Publish;

/// <summary>
/// A client of archived feeds, written from RFC 5005 §4.2 alone (and RFC 6721 for what was deleted; JSON Feed 1.1 for that format): it
/// fetches the subscription document, then each archive document behind it that it does not know yet, and takes of several copies of an
/// entry the one that was updated last. An archive document that it has fetched is never asked for again.
/// </summary>
internal sealed class HistoryClient(HttpClient http, string subscription)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace History = "http://purl.org/syndication/history/1.0";
    private static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";
    private static readonly XNamespace Deleted = "http://purl.org/atompub/tombstones/1.0";

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _deleted = new(StringComparer.Ordinal);

    /// <summary>The logical feed: each entry once.</summary>
    public Dictionary<string, (string Title, DateTimeOffset Updated)> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>On how many archive documents each entry stood.</summary>
    public Dictionary<string, int> Appearances { get; } = new(StringComparer.Ordinal);

    /// <summary>How many archive documents were fetched.</summary>
    public int Fetched { get; private set; }

    /// <summary>The sizes of the documents, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reconstructs the feed as it is now; <paramref name="between"/> runs after each archive document.</summary>
    public async Task PollAsync(Func<int, Task>? between = null)
    {
        var current = await FetchAsync(subscription);
        var archives = new List<Document>();
        var next = current.Previous;
        while (next is not null && _known.Add(next))
        {
            var archive = await FetchAsync(next);
            if (!archive.IsArchive) throw new InvalidDataException($"{next} does not say that it is an archive.");
            if (archive.Current == next) throw new InvalidDataException($"{next} leads to itself.");
            Fetched++;
            archives.Add(archive);
            foreach (var entry in archive.Entries) Appearances[entry.Id] = Appearances.GetValueOrDefault(entry.Id) + 1;
            if (between is not null) await between(Fetched);
            next = archive.Previous;
        }

        foreach (var document in archives.AsEnumerable().Reverse().Append(current)) Merge(document);
    }

    private void Merge(Document document)
    {
        foreach (var (id, title, updated) in document.Entries)
        {
            if (_deleted.TryGetValue(id, out var when) && when >= updated) continue;
            if (!Entries.TryGetValue(id, out var held) || held.Updated <= updated) Entries[id] = (title, updated);
        }

        foreach (var (id, when) in document.Deleted)
        {
            _deleted[id] = when;
            if (Entries.TryGetValue(id, out var held) && held.Updated <= when) Entries.Remove(id);
        }
    }

    private async Task<Document> FetchAsync(string address)
    {
        using var response = await http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"{address}: {response.StatusCode}");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Bytes += bytes.Length;
        return response.Content.Headers.ContentType!.MediaType switch
        {
            "application/feed+json" => OfJson(bytes),
            "application/rss+xml" => OfRss(XDocument.Load(new MemoryStream(bytes)).Root!.Element("channel")!),
            _ => OfAtom(XDocument.Load(new MemoryStream(bytes)).Root!),
        };
    }

    private static Document OfAtom(XElement feed) => new(
        feed.Element(History + "archive") is not null, Link(feed, "self"), Link(feed, "current"), Link(feed, "prev-archive"),
        [.. feed.Elements(Atom + "entry").Select(entry => (
            (string)entry.Element(Atom + "id")!, (string)entry.Element(Atom + "title")!, (DateTimeOffset)entry.Element(Atom + "updated")!))],
        [.. feed.Elements(Deleted + "deleted-entry").Select(entry => ((string)entry.Attribute("ref")!, (DateTimeOffset)entry.Attribute("when")!))]);

    private static Document OfRss(XElement channel) => new(
        channel.Element(History + "archive") is not null, Link(channel, "self"), Link(channel, "current"), Link(channel, "prev-archive"),
        [.. channel.Elements("item").Select(item => ((string)item.Element("guid")!, (string)item.Element("title")!, (DateTimeOffset)item.Element(DcTerms + "modified")!))],
        []);

    // The format has no word for what is an archive.
    private static Document OfJson(byte[] bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        var feed = json.RootElement;
        return new Document(
            IsArchive: true, feed.GetProperty("feed_url").GetString(), null, feed.TryGetProperty("next_url", out var next) ? next.GetString() : null,
            [.. feed.GetProperty("items").EnumerateArray().Select(item => (
                item.GetProperty("id").GetString()!, item.GetProperty("title").GetString()!, item.GetProperty("date_modified").GetDateTimeOffset()))],
            feed.TryGetProperty("_tombstone", out var tombstone)
                ? [.. tombstone.GetProperty("deleted").EnumerateArray().Select(entry => (entry.GetProperty("id").GetString()!, entry.GetProperty("when").GetDateTimeOffset()))]
                : []);
    }

    private static string? Link(XElement feed, string relation) =>
        (string?)feed.Elements(Atom + "link").SingleOrDefault(link => (string?)link.Attribute("rel") == relation)?.Attribute("href");

    private sealed record Document(
        bool IsArchive, string? Self, string? Current, string? Previous,
        IReadOnlyList<(string Id, string Title, DateTimeOffset Updated)> Entries, IReadOnlyList<(string Id, DateTimeOffset When)> Deleted);
}
