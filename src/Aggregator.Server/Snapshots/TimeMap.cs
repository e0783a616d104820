using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Snapshots;

/// <summary>The list of an entry's snapshots whose text is kept (RFC 7089 §5), or one page of it when there are very many.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Original">The original's address.</param>
/// <param name="After">The number behind which this page begins; 0 for the first page.</param>
/// <param name="Listed">The snapshots of this page, by number.</param>
/// <param name="First">The first of all.</param>
/// <param name="Last">The last of all.</param>
internal sealed record TimeMap(long EntryId, string Original, int After, IReadOnlyList<Snapshot> Listed, Snapshot First, Snapshot Last)
{
    private IEnumerable<Snapshot> Kept => Listed.Where(snapshot => snapshot.IsKept);

    private int? NextAfter => Listed.Count >= ISnapshotStore.MaxListed && Listed[^1].Number < Last.Number ? Listed[^1].Number : null;

    /// <summary>As a document of links, which is what RFC 7089 demands.</summary>
    public string ToLinks(SiteLinks links)
    {
        var set = new LinkSet().Add(Original, "original");
        if (Kept.FirstOrDefault() is { } from)
            set.Add(Address(links, After, ""), "self", ("type", LinkSet.Format), ("from", LinkSet.Time(from.CapturedAt)), ("until", LinkSet.Time(Kept.Last().CapturedAt)));
        else
            set.Add(Address(links, After, ""), "self", ("type", LinkSet.Format));
        set.Add(links.TimeGate(EntryId), "timegate");
        if (After > 0) set.Add(Address(links, 0, ""), "timemap", ("type", LinkSet.Format), ("from", LinkSet.Time(First.CapturedAt)));
        if (NextAfter is { } next) set.Add(Address(links, next, ""), "timemap", ("type", LinkSet.Format), ("until", LinkSet.Time(Last.CapturedAt)));
        foreach (var snapshot in Kept)
            set.Add(links.Snapshot(EntryId, snapshot.CapturedAt), RelationsOf(snapshot), ("datetime", LinkSet.Time(snapshot.CapturedAt)));
        return set.ToDocument();
    }

    /// <summary>As JSON, in the members that Memento's own tools use, with what we know besides.</summary>
    public byte[] ToJson(SiteLinks links)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("original_uri", Original);
            json.WriteString("timegate_uri", links.TimeGate(EntryId));
            json.WriteStartObject("timemap_uri");
            json.WriteString("link_format", Address(links, After, ""));
            json.WriteString("json_format", Address(links, After, ".json"));
            json.WriteEndObject();
            if (NextAfter is { } next) json.WriteString("next_timemap_uri", Address(links, next, ".json"));
            json.WriteStartObject("mementos");
            WriteMemento(json, links, "first", First);
            WriteMemento(json, links, "last", Last);
            json.WriteStartArray("list");
            foreach (var snapshot in Kept) WriteMemento(json, links, null, snapshot);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void WriteMemento(Utf8JsonWriter json, SiteLinks links, string? member, Snapshot snapshot)
    {
        if (member is null) json.WriteStartObject();
        else json.WriteStartObject(member);
        var address = links.Snapshot(EntryId, snapshot.CapturedAt);
        json.WriteString("datetime", snapshot.CapturedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("uri", address);
        json.WriteNumber("version", snapshot.Number);
        json.WriteString("kind", snapshot.Kind == SnapshotKind.Page ? "page" : "feed");
        json.WriteString("title", snapshot.Title);
        json.WriteStartArray("changes");
        foreach (var change in VersionWords.Of(snapshot.Changes)) json.WriteStringValue(change);
        json.WriteEndArray();
        json.WriteString("sha256", Convert.ToHexStringLower(snapshot.Sha256.Span));
        json.WriteString("document", address + ".json");
        json.WriteEndObject();
    }

    private string RelationsOf(Snapshot snapshot) =>
        (snapshot.Number == First.Number ? "first " : "") + (snapshot.Number == Last.Number ? "last " : "") + "memento";

    private string Address(SiteLinks links, int after, string extension) =>
        links.TimeMap(EntryId) + extension + (after > 0 ? string.Create(CultureInfo.InvariantCulture, $"?after={after}") : "");
}
