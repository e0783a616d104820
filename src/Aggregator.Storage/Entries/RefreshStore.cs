using System.Globalization;
using Aggregator.Core.Background;
using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Captures;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Snapshots;
using Aggregator.Storage.Sources;
using Aggregator.Storage.Takedowns;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Entries;

/// <summary>What a refresh reads and writes in the store.</summary>
internal sealed class RefreshStore(Database database) : IRefreshStore
{
    // A refresh that writes more has little to gain from others, and would keep those who wait for the writer waiting the longer.
    private const int MostEntriesTogether = 50;

    // Stands before the number of an entry whose key was taken from it. No key of the ladder begins with a control character.
    private const string KeylessMark = "\u0001";

    internal const string Known = """
        select id, key, guid, url, title, published_at, rights, license, wishes, content_hash, version, last_seen_at
        from entry
        where id in (select id from entry where source_id = @source_id and key {any @keys}
                     union all
                     select id from entry where source_id = @source_id and url_hash {any @url_hashes})
        """;

    private const string LastChange = "select last_change_at from source where id = @id";

    internal const string Recent = """
        select entry_id, count(*) as count, max(captured_at) as newest_at
        from snapshot where entry_id {any @ids} and captured_at > @since and kind = 1
        group by entry_id
        """;

    private const string PublishedFacts = """
        select feed_title, feed_description, feed_site_url, feed_id, feed_language, feed_rights, feed_license, feed_wishes
        from source where id = @Id and lease_owner = @LeaseOwner
        """;

    // Only what a refresh finds out. Title, zone, language and bounds belong to admins, the hub's lease to whoever subscribed,
    // and the state to admins too, unless the feed is retired, or one that was is back: what they change during a refresh outlives it.
    private const string SaveSource = """
        update source
        set state = case when @State = 3 then 3 when @State = 1 and state = 3 then 1 else state end,
            fetch_state = @FetchState,
            feed_title = @FeedTitle, feed_description = @FeedDescription, feed_site_url = @FeedSiteUrl, feed_id = @FeedId,
            feed_language = @FeedLanguage, feed_rights = @FeedRights, feed_license = @FeedLicense, feed_wishes = @FeedWishes, feed_format = @FeedFormat, feed_updated_at = @FeedUpdatedAt,
            etag = @Etag, last_modified = @LastModified, body_hash = @BodyHash, validators_at = @ValidatorsAt,
            parser_version = @ParserVersion, identity_rule = @IdentityRule,
            next_fetch_at = @NextFetchAt, schedule_reason = @ScheduleReason, rhythm = @Rhythm,
            feed_min_interval = @FeedMinInterval, skip_hours = @SkipHours, skip_days = @SkipDays,
            lease_owner = null, lease_until = null,
            last_fetch_at = @LastFetchAt, last_success_at = @LastSuccessAt, last_change_at = @LastChangeAt,
            last_document_at = @LastDocumentAt,
            failure_count = @FailureCount, failure_kind = @FailureKind, failure_message = @FailureMessage, failure_at = @FailureAt,
            failure_status = @FailureStatus, health_note = @HealthNote, churn = @Churn,
            last_fetch_ms = @LastFetchMs, fetch_count = fetch_count + 1
        where id = @Id and lease_owner = @LeaseOwner
        """;

    // Moved by an admin meanwhile, or another source's address by now: then it stays where it is.
    private const string Move = """
        update source set url = @url, host = @host
        where id = @id and url = @old and not exists (select 1 from source as other where other.url = @url)
        """;

    // Two entries may change keys with each other, and a new key may still be that of an entry that left: all of them
    // lose theirs before any gets another.
    private const string TakeKeys = """
        update entry set key = @mark || cast(id as text)
        where source_id = @source_id and (id {any @ids} or key {any @keys})
        """;

    private const string GiveKey = "update entry set key = @key where id = @id and source_id = @source_id";

    private const string Before = "select content_hash from entry where id = @id and source_id = @source_id";

    // What the feed says is the body only until a page of the article is captured. No two versions share a second, and none
    // is older than the one before it, whatever the clock does.
    private const string Change = """
        update entry
        set guid = @Guid, url = @Url, url_hash = @UrlHash, title = @Title, summary = @Summary, authors = @Authors, tags = @Tags,
            enclosures = @Enclosures, image_url = @ImageUrl, language = @Language, published_at = @PublishedAt,
            updated_at = @UpdatedAt, rights = @Rights, license = @License, wishes = @Wishes, claimed_title = @ClaimedTitle, claimed_url = @ClaimedUrl,
            content_hash = @ContentHash, last_seen_at = @At, left_at = null, version = version + 1,
            body_number = case when exists (select 1 from snapshot where entry_id = entry.id and number = entry.body_number and kind = 2)
                               then body_number else version + 1 end,
            captured_at = case when captured_at / 1000 >= @At / 1000 then (captured_at / 1000 + 1) * 1000 else @At end
        where id = @id and source_id = @source_id
        returning version, captured_at
        """;

    private const string ChangeRights = """
        update entry set rights = @Rights, license = @License, wishes = @Wishes
        where id = @id and source_id = @source_id
          and (coalesce(rights, '') <> coalesce(@Rights, '') or coalesce(license, '') <> coalesce(@License, '') or wishes <> @Wishes)
        """;

    private const string See = "update entry set last_seen_at = @at where source_id = @source_id and id {any @ids}";

    // Apart from the marks: those who return are few, and writing an indexed column costs its index even when it stays.
    private const string Return = """
        update entry set left_at = null where source_id = @source_id and id {any @ids} and left_at is not null
        """;

    private const string CategoryRules = """
        select category.rules from category_source join category on category.id = category_source.category_id
        where category_source.source_id = @source_id and category.rules is not null
        order by category.position, category.id
        """;

    private const string DroppedAmong = "select key from dropped_entry where source_id = @source_id and key {any @keys}";

    private const string Drop = """
        insert into dropped_entry (source_id, key, title, url, url_hash, rule, dropped_at, last_seen_at)
        values (@source_id, @Key, @Title, @Url, @UrlHash, @rule, @At, @At)
        on conflict (source_id, key) do update set rule = excluded.rule, last_seen_at = excluded.last_seen_at
        """;

    private const string SeeDropped = """
        update dropped_entry set last_seen_at = @at where source_id = @source_id and key {any @keys} and last_seen_at < @renew_before
        """;

    private const string ForgetDropped = "delete from dropped_entry where source_id = @source_id and last_seen_at < @before";

    internal const string Leave = """
        update entry set left_at = @at where source_id = @source_id and left_at is null and last_seen_at < @unseen_since
        """;

    // A crawl whose publishers all say "not modified" writes nothing else, so that its cost is that of these commits.
    private readonly SourceSaves<QuietSave> _quietSaves = new(
        rows => database.WriteAsync(session => database.SaveQuietlyAsync(session, rows), CancellationToken.None),
        static row => row.Id, database.IsAway, most: 256, patience: TimeSpan.FromMilliseconds(4));

    // Measured with the crawl benchmark: a first crawl takes a sixth less time with 8 than with each alone, and no less with 16.
    private readonly SourceSaves<PreparedRefresh> _saves = new(
        saves => WriteTogetherAsync(database, saves), static save => save.Source.Id, database.IsAway, RefreshWrite.MostTogether, patience: TimeSpan.FromMilliseconds(25));

    /// <inheritdoc />
    public async Task<IReadOnlyList<KnownEntry>> FindKnownAsync(
        long sourceId, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(urls);
        if (keys.Count == 0 && urls.Count == 0) return [];

        var wantedKeys = keys.Select(key => StorableText.Of(key)).ToHashSet(StringComparer.Ordinal);
        var wantedUrls = urls.Select(url => StorableText.Of(url)).ToHashSet(StringComparer.Ordinal);
        var parameters = new
        {
            source_id = sourceId,
            keys = database.List(wantedKeys),
            url_hashes = database.List([.. wantedUrls.Select(NewEntryRow.HashOf)]),
        };
        var rows = await database.ReadAsync(session => session.ListAsync<KnownRow>(Known, parameters), cancellationToken);
        return
        [
            .. rows
                .Where(row => wantedKeys.Contains(row.Key) || (row.Url is not null && wantedUrls.Contains(row.Url)))
                .Select(row => row.ToKnownEntry()),
        ];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<RecentVersions>> CountVersionsAsync(
        IReadOnlyCollection<long> entryIds, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        return database.ReadAsync<IReadOnlyList<RecentVersions>>(
            async session => (await session.ListAsync<RecentRow>(Recent, new { ids = database.List(entryIds), since = since.ToUnixTimeMilliseconds() }))
                .ConvertAll(row => new RecentVersions(row.EntryId, (int)row.Count, UnixTime.FromMilliseconds(row.NewestAt))),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<RoutingFacts> FindRoutingAsync(long sourceId, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var parameters = new { source_id = sourceId, keys = database.List([.. keys.Select(key => StorableText.Of(key))]) };
        return database.ReadAsync(
            async session =>
            {
                var rules = await session.ListAsync<string>(CategoryRules, parameters);
                var dropped = keys.Count == 0 ? [] : await session.ListAsync<string>(DroppedAmong, parameters);
                return rules.Count + dropped.Count == 0 ? RoutingFacts.Nothing : new RoutingFacts(rules, dropped.ToHashSet(StringComparer.Ordinal));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(RefreshWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);

        // All that needs no database is done before the gate.
        if (write.IsQuiet) return _quietSaves.SaveAsync(QuietSave.From(write), cancellationToken);
        var source = SourceRow.From(write.Source) with { LeaseOwner = StorableText.Of(write.LeaseOwner) };
        var documents = new FeedDocuments(write.Source, write.At);
        var changed = write.Changed.Select(change => (change.EntryId, Row: RowOf(change.Entry))).ToList();

        // From the last to the first, so that of entries of one instant the publisher's first has the highest number and stands on top.
        var added = write.Added.Reverse().Select(RowOf).ToList();
        var rights = write.RightsChanged.Select(change => (change.EntryId, RightsOf(source.Id, change))).ToList();
        var dropped = write.Dropped.Select(drop => (Row: NewEntryRow.From(drop.Entry, documents, write.Facts, write.At), drop.Rule)).ToList();
        var rekeyed = write.Rekeyed.Select(change => (change.EntryId, Key: StorableText.Of(change.Key))).ToList();
        var save = new PreparedRefresh(write, source, rekeyed, changed, added, rights, dropped);
        if (!write.MayWait || !database.HasOneWriter || added.Count + changed.Count + rights.Count + dropped.Count > MostEntriesTogether)
            return database.WriteAsync(session => SaveAsync(database, session, save), cancellationToken);
        database.AnnounceWrite();
        return _saves.SaveAsync(save, cancellationToken);

        // The snapshot says what the publisher said; only what we publish has our own tags.
        NewEntryRow RowOf(Entry entry)
        {
            BackgroundThreads.GiveWay();
            return NewEntryRow.From(entry, documents, write.Facts, write.At).WithTags(entry, write.Routes.GetValueOrDefault(entry.Key)?.Tags ?? []);
        }
    }

    private static async Task<HashSet<long>> WriteTogetherAsync(Database database, List<PreparedRefresh> saves)
    {
        // Where documents are read they are written too, if nobody else writes: on a thread of its own the writer would take a processor from requests.
        await BackgroundThreads.Shared.EnterAsync();
        return await database.WriteAsync(
            async session =>
            {
                var saved = new HashSet<long>();
                foreach (var save in saves)
                    if (await SaveAsync(database, session, save))
                        saved.Add(save.Source.Id);
                return saved;
            },
            CancellationToken.None);
    }

    private static async Task<bool> SaveAsync(Database database, StoreSession session, PreparedRefresh save)
    {
        var (write, source, rekeyed, changed, added, rights, dropped) = save;
        (source, changed, added, dropped) = await WithoutTakenDownAsync(session, source, changed, added, dropped);
        var isDocument = write.Source.LastDocumentAt >= write.At;
        var factsBefore = await session.FindAsync<FactsRow>(PublishedFacts, source);
        if (await session.ExecuteAsync(SaveSource, source) == 0) return false;
        if (write.MoveTo is { } url) await session.ExecuteAsync(Move, new { id = source.Id, old = source.Url, url, host = HostGate.HostOf(url) });

        if (write.Fetch is { } fetch) await FetchLog.WriteAsync(session, source.Id, fetch with { Added = added.Count, Changed = changed.Count });
        await RekeyAsync(database, session, source.Id, rekeyed, added);
        var renewed = new List<long>();
        foreach (var (id, row) in rights)
            if (await session.ExecuteAsync(ChangeRights, row) > 0)
                renewed.Add(id);
        var vanished = await ChangeAsync(session, source.Id, changed);
        if (write.Seen.Count > 0)
        {
            var seen = new { source_id = source.Id, at = write.At.ToUnixTimeMilliseconds(), ids = database.List([.. write.Seen]) };
            await session.ExecuteAsync(See, seen);
            await session.ExecuteAsync(Return, seen);
        }

        if (added.Count + vanished.Count > 0)
        {
            session.NumbersSnapshots();
            await database.InsertEntriesAsync(session, source.Id, [.. vanished, .. added]);
        }

        var routed = await EntryRoutes.WriteAsync(session, source.Id, write, changed, added);
        await DropAsync(database, session, source.Id, write, dropped, isDocument);
        if (write.Captures.Count > 0) await CaptureOrders.PlaceAsync(session, source.Id, write.Captures, write.At);
        if (isDocument)
        {
            var unseenSince = (write.At - RefreshWrite.SeenRenewal).ToUnixTimeMilliseconds();
            await session.ExecuteAsync(Leave, new { source_id = source.Id, at = write.At.ToUnixTimeMilliseconds(), unseen_since = unseenSince });
        }

        if (factsBefore?.FeedWishes != source.FeedWishes)
            await TopicVersions.RaiseForRightsAsync(session, [source.Id], write.At);
        else if (added.Count + changed.Count + renewed.Count > 0 || (isDocument && factsBefore != FactsRow.Of(source)))
            await TopicVersions.RaiseForSourceAsync(session, source.Id, renewed.Count == 0 ? routed : [.. routed, .. await EntryRoutes.RoutedToAsync(session, renewed)], write.At);
        return true;
    }

    private static async Task DropAsync(
        Database database, StoreSession session, long sourceId, RefreshWrite write, List<(NewEntryRow Row, string Rule)> dropped, bool isDocument)
    {
        foreach (var (row, rule) in dropped)
            await session.ExecuteAsync(Drop, new { source_id = sourceId, row.Key, row.Title, row.Url, row.UrlHash, rule = StorableText.Of(rule), row.At });
        if (write.StillDropped.Count > 0)
        {
            await session.ExecuteAsync(SeeDropped, new
            {
                source_id = sourceId,
                keys = database.List([.. write.StillDropped.Select(key => StorableText.Of(key))]),
                at = write.At.ToUnixTimeMilliseconds(),
                renew_before = (write.At - RefreshWrite.SeenRenewal).ToUnixTimeMilliseconds(),
            });
        }

        if (isDocument)
            await session.ExecuteAsync(ForgetDropped, new { source_id = sourceId, before = (write.At - RefreshWrite.DroppedKept).ToUnixTimeMilliseconds() });
    }

    /// <summary>Leaves out what was taken down, and says so beside the source. A document that brought nothing else changed nothing.</summary>
    private static async Task<(SourceRow Source, List<(long EntryId, NewEntryRow Row)> Changed, List<NewEntryRow> Added, List<(NewEntryRow Row, string Rule)> Dropped)>
        WithoutTakenDownAsync(
            StoreSession session, SourceRow source, List<(long EntryId, NewEntryRow Row)> changed, List<NewEntryRow> added,
            List<(NewEntryRow Row, string Rule)> dropped)
    {
        if (changed.Count + added.Count + dropped.Count == 0) return (source, changed, added, dropped);
        var blocked = await BlockedEntries.AmongAsync(
            session, source.Id, changed.Select(change => change.Row).Concat(added).Concat(dropped.Select(drop => drop.Row)));
        if (blocked.Count == 0) return (source, changed, added, dropped);
        dropped = dropped.FindAll(drop => !BlockedEntries.Holds(blocked, source.Id, drop.Row));

        var keptChanged = changed.FindAll(change => !BlockedEntries.Holds(blocked, source.Id, change.Row));
        var keptAdded = added.FindAll(entry => !BlockedEntries.Holds(blocked, source.Id, entry));
        var left = changed.Count + added.Count - keptChanged.Count - keptAdded.Count;
        if (left == 0) return (source, changed, added, dropped);
        var note = string.Create(CultureInfo.InvariantCulture, $"{left} {(left == 1 ? "entry" : "entries")} of the document had been taken down and {(left == 1 ? "was" : "were")} not stored");
        var noted = source with { HealthNote = source.HealthNote is null ? note : source.HealthNote + "; " + note };
        if (keptChanged.Count + keptAdded.Count == 0)
            noted = noted with { LastChangeAt = await session.FindAsync<long?>(LastChange, new { id = source.Id }) };
        return (noted, keptChanged, keptAdded, dropped);
    }

    private static async Task RekeyAsync(Database database, StoreSession session, long sourceId, List<(long EntryId, string Key)> rekeyed, List<NewEntryRow> added)
    {
        if (rekeyed.Count == 0) return;
        await session.ExecuteAsync(TakeKeys, new
        {
            source_id = sourceId,
            mark = KeylessMark,
            ids = database.List([.. rekeyed.Select(change => change.EntryId)]),
            keys = database.List([.. rekeyed.Select(change => change.Key), .. added.Select(entry => entry.Key)]),
        });
        foreach (var (id, key) in rekeyed) await session.ExecuteAsync(GiveKey, new { id, key, source_id = sourceId });
    }

    /// <summary>Writes the changed entries; those that expired since the refresh looked come back to be added anew.</summary>
    private static async Task<List<NewEntryRow>> ChangeAsync(StoreSession session, long sourceId, List<(long EntryId, NewEntryRow Row)> changed)
    {
        var vanished = new List<NewEntryRow>();
        foreach (var (id, row) in changed)
        {
            var before = await session.FindAsync<byte[]>(Before, new { id, source_id = sourceId });
            var place = before is null ? null : await session.FindAsync<SnapshotPlace>(Change, ParametersOf(id, sourceId, row));
            if (place is null) vanished.Add(row);
            else await SnapshotInsert.AddAsync(session, id, place, row.Snapshot with { Changes = VersionHash.Compare(before, row.ContentHash) });
        }

        return vanished;
    }

    private static object RightsOf(long sourceId, (long EntryId, Entry Entry) change) => new
    {
        id = change.EntryId,
        source_id = sourceId,
        Rights = StorableText.Of(change.Entry.Rights),
        License = StorableText.Of(change.Entry.LicenseUrl),
        Wishes = (int)change.Entry.Wishes,
    };

    private static object ParametersOf(long id, long sourceId, NewEntryRow row) => new
    {
        id,
        source_id = sourceId,
        row.Guid,
        row.Url,
        row.UrlHash,
        row.Title,
        row.Summary,
        row.Authors,
        row.Tags,
        row.Enclosures,
        row.ImageUrl,
        row.Language,
        row.PublishedAt,
        row.UpdatedAt,
        row.Rights,
        row.License,
        row.Wishes,
        row.ClaimedTitle,
        row.ClaimedUrl,
        row.ContentHash,
        row.At,
    };

    /// <summary>A refresh on its way in: all that needs no database is done.</summary>
    private sealed record PreparedRefresh(
        RefreshWrite Write,
        SourceRow Source,
        List<(long EntryId, string Key)> Rekeyed,
        List<(long EntryId, NewEntryRow Row)> Changed,
        List<NewEntryRow> Added,
        List<(long EntryId, object Row)> Rights,
        List<(NewEntryRow Row, string Rule)> Dropped);

    /// <summary>What of a feed's facts stands in what we publish; its own "updated" does not, and changes without a change.</summary>
    private sealed record FactsRow
    {
        public string? FeedTitle { get; init; }
        public string? FeedDescription { get; init; }
        public string? FeedSiteUrl { get; init; }
        public string? FeedId { get; init; }
        public string? FeedLanguage { get; init; }
        public string? FeedRights { get; init; }
        public string? FeedLicense { get; init; }
        public int FeedWishes { get; init; }

        public static FactsRow Of(SourceRow source) => new()
        {
            FeedTitle = source.FeedTitle,
            FeedDescription = source.FeedDescription,
            FeedSiteUrl = source.FeedSiteUrl,
            FeedId = source.FeedId,
            FeedLanguage = source.FeedLanguage,
            FeedRights = source.FeedRights,
            FeedLicense = source.FeedLicense,
            FeedWishes = source.FeedWishes,
        };
    }

    private sealed record KnownRow
    {
        public required long Id { get; init; }
        public required string Key { get; init; }
        public string? Guid { get; init; }
        public string? Url { get; init; }
        public required string Title { get; init; }
        public long? PublishedAt { get; init; }
        public string? Rights { get; init; }
        public string? License { get; init; }
        public int Wishes { get; init; }
        public required byte[] ContentHash { get; init; }
        public required int Version { get; init; }
        public required long LastSeenAt { get; init; }

        public KnownEntry ToKnownEntry() => new()
        {
            Id = Id,
            Key = Key,
            Guid = Guid,
            Url = Url,
            Title = Title,
            PublishedAt = UnixTime.FromMilliseconds(PublishedAt),
            Rights = Rights,
            LicenseUrl = License,
            Wishes = (PublisherWishes)Wishes,
            ContentHash = ContentHash,
            Version = Version,
            LastSeenAt = UnixTime.FromMilliseconds(LastSeenAt),
        };
    }

    private sealed record RecentRow
    {
        public required long EntryId { get; init; }
        public required long Count { get; init; }
        public required long NewestAt { get; init; }
    }
}
