using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Snapshots;

/// <summary>The insertion of one snapshot with its text; the first ones of new entries have a faster way of their own.</summary>
internal static class SnapshotInsert
{
    private const string Insert = """
        insert into snapshot (entry_id, number, kind, captured_at, title, published_at, changes, content_hash, sha256,
                              final_url, status, etag, last_modified)
        values (@entry_id, @number, @Kind, @captured_at, @Title, @PublishedAt, @changes, @ContentHash, @Sha256,
                @FinalUrl, @Status, @Etag, @LastModified)
        returning id
        """;

    private const string InsertDocument = "insert into snapshot_document (snapshot_id, document) values (@snapshot_id, @document)";

    /// <summary>Adds a snapshot at the place that its entry's row gave it.</summary>
    public static async Task AddAsync(StoreSession session, long entryId, SnapshotPlace place, NewSnapshotRow snapshot)
    {
        session.NumbersSnapshots();
        var row = snapshot.At(place.CapturedAt);
        var id = await session.FindAsync<long>(Insert, new
        {
            entry_id = entryId,
            number = place.Version,
            row.Kind,
            captured_at = place.CapturedAt,
            row.Title,
            row.PublishedAt,
            changes = (int)row.Changes,
            row.ContentHash,
            row.Sha256,
            row.FinalUrl,
            row.Status,
            row.Etag,
            row.LastModified,
        });
        await session.ExecuteAsync(InsertDocument, new { snapshot_id = id, document = row.Packed });
    }
}
