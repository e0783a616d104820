using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Snapshots;

namespace Aggregator.Storage.Migrations;

/// <summary>
/// The second half of 0003: what each entry says becomes its first snapshot, and the hashes that tell versions apart are made
/// anew by the rules of <see cref="VersionHash"/>, so that the next refreshes find what they left.
/// </summary>
internal static class BodiesIntoSnapshots
{
    private const int Batch = 200;

    // Numbers of snapshots follow the time of capture, so that each day of before is sealed by itself.
    private const string ByTime = "create index entry_by_capture on entry (captured_at, id)";

    private const string Next = """
        select entry.id, entry.source_id, entry.key, entry.guid, entry.url, entry.title, entry.summary, entry.authors, entry.tags, entry.enclosures,
               entry.image_url, entry.language, entry.published_at, entry.updated_at, entry.content_hash, entry.captured_at, entry.version,
               entry_content.content,
               source.url as source_url, source.title as source_title, source.feed_title as source_feed_title, source.feed_site_url as source_site_url
        from entry
        join source on source.id = entry.source_id
        left join entry_content on entry_content.entry_id = entry.id
        where (entry.captured_at, entry.id) > (@captured_at, @id)
        order by entry.captured_at, entry.id limit @limit
        """;

    private const string Update = "update entry set content_hash = @hash, body_number = version where id = @id";

    private const string UpdateKey = """
        update entry set key = @key
        where id = @id and not exists (select 1 from entry as other where other.source_id = entry.source_id and other.key = @key)
        """;

    private static readonly string[] CleanUp = ["drop index entry_by_capture", "drop table entry_content"];

    public static async Task RunAsync(StoreSession session)
    {
        await session.ExecuteAsync(ByTime);
        var (capturedAt, id) = (long.MinValue, 0L);
        while (await session.ListAsync<Row>(Next, new { captured_at = capturedAt, id, limit = Batch }) is { Count: > 0 } rows)
        {
            foreach (var row in rows) await MoveAsync(session, row);
            (capturedAt, id) = (rows[^1].CapturedAt, rows[^1].Id);
        }

        foreach (var statement in CleanUp) await session.ExecuteAsync(statement);
    }

    private static async Task MoveAsync(StoreSession session, Row row)
    {
        var entry = row.ToEntry();
        var hash = VersionHash.Of(entry.Title, entry.Content, entry.Summary, entry.Authors, row.SaidPublishedAt(entry), entry.Enclosures);
        var document = SnapshotDocument.OfFeed(entry, row.ToSource(), UnixTime.FromMilliseconds(row.CapturedAt));
        await SnapshotInsert.AddAsync(
            session, row.Id, new SnapshotPlace { Version = row.Version, CapturedAt = row.CapturedAt }, NewSnapshotRow.From(document, hash, new CaptureFacts()));
        await session.ExecuteAsync(Update, new { id = row.Id, hash });

        // The last rung of the ladder made its keys of the hash.
        if (row.Key == EntryKey.Compute(IdentityRule.Everything, row.Guid, row.Url, entry.PublishedAt, row.Title, row.ContentHash))
            await session.ExecuteAsync(UpdateKey, new { id = row.Id, key = EntryKey.Compute(IdentityRule.Everything, row.Guid, row.Url, entry.PublishedAt, row.Title, hash) });
    }

    private sealed record Row
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
        public required string Key { get; init; }
        public string? Guid { get; init; }
        public string? Url { get; init; }
        public required string Title { get; init; }
        public string? Summary { get; init; }
        public string? Authors { get; init; }
        public string? Tags { get; init; }
        public string? Enclosures { get; init; }
        public string? ImageUrl { get; init; }
        public string? Language { get; init; }
        public long? PublishedAt { get; init; }
        public long? UpdatedAt { get; init; }
        public required byte[] ContentHash { get; init; }
        public required long CapturedAt { get; init; }
        public required int Version { get; init; }
        public string? Content { get; init; }
        public required string SourceUrl { get; init; }
        public string? SourceTitle { get; init; }
        public string? SourceFeedTitle { get; init; }
        public string? SourceSiteUrl { get; init; }

        public Entry ToEntry() => new()
        {
            Key = Key,
            Guid = Guid,
            Url = Url,
            Title = Title,
            Summary = Summary,
            Content = Content,
            Authors = Authors is null ? [] : JsonSerializer.Deserialize(Authors, StoreJson.Lists.PersonArray) ?? [],
            Tags = Tags is null ? [] : JsonSerializer.Deserialize(Tags, StoreJson.Lists.StringArray) ?? [],
            Enclosures = Enclosures is null ? [] : JsonSerializer.Deserialize(Enclosures, StoreJson.Lists.EnclosureArray) ?? [],
            ImageUrl = ImageUrl,
            Language = Language,
            PublishedAt = UnixTime.FromMilliseconds(PublishedAt),
            UpdatedAt = UnixTime.FromMilliseconds(UpdatedAt),
            ContentHash = ContentHash,
        };

        public Source ToSource() => new()
        {
            Id = SourceId,
            Url = SourceUrl,
            Title = SourceTitle,
            Feed = new FeedFacts { Title = SourceFeedTitle, SiteUrl = SourceSiteUrl },
            State = SourceState.Active,
            NextFetchAt = default,
            CreatedAt = default,
        };

        /// <summary>
        /// The publication date as it went into the hash. The store does not tell "published" from "updated", which stands in for it;
        /// but the old hash does.
        /// </summary>
        public DateTimeOffset? SaidPublishedAt(Entry entry)
        {
            if (entry.PublishedAt is null || entry.PublishedAt != entry.UpdatedAt) return entry.PublishedAt;
            foreach (var content in (string?[])[entry.Content, entry.Content ?? ""])
                if (FirstContentHash.Hash(entry.Title, content, entry.Summary, entry.Authors, null, entry.Enclosures).AsSpan().SequenceEqual(ContentHash))
                    return null;
            return entry.PublishedAt;
        }
    }
}
