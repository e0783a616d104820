using Aggregator.Storage.Entries;
using Microsoft.Data.Sqlite;

namespace Aggregator.Storage.Databases;

/// <summary>The insertion of entries as commands that are prepared once for the writing connection.</summary>
internal sealed class SqliteEntryInsert : IDisposable
{
    private const string InsertEntry = """
        insert into entry (source_id, key, guid, url, url_hash, title, summary, authors, tags, enclosures, image_url, language,
                           published_at, updated_at, rights, license, wishes, claimed_title, claimed_url, content_hash,
                           first_seen_at, captured_at, last_seen_at, version, body_number, sort_at)
        values (@source_id, @key, @guid, @url, @url_hash, @title, @summary, @authors, @tags, @enclosures, @image_url, @language,
                @published_at, @updated_at, @rights, @license, @wishes, @claimed_title, @claimed_url, @content_hash,
                @at, @at, @at, 1, 1, @sort_at)
        returning id
        """;

    private const string InsertSnapshot = """
        insert into snapshot (entry_id, number, kind, captured_at, title, published_at, changes, content_hash, sha256,
                              final_url, status, etag, last_modified)
        values (@id, 1, 1, @at, @title, @published_at, 0, @content_hash, @sha256, @final_url, @status, @etag, @last_modified)
        returning id
        """;

    private const string InsertDocument = "insert into snapshot_document (snapshot_id, document) values (@snapshot_id, @document)";

    private const string InsertPlaces = """
        insert into category_entry (category_id, sort_at, entry_id)
        select category_id, @sort_at, @id from category_source where source_id = @source_id
        """;

    private static readonly string[] EntryParameters =
    [
        "@source_id", "@key", "@guid", "@url", "@url_hash", "@title", "@summary", "@authors", "@tags", "@enclosures", "@image_url", "@language",
        "@published_at", "@updated_at", "@rights", "@license", "@wishes", "@claimed_title", "@claimed_url", "@content_hash", "@at", "@sort_at",
    ];

    private static readonly string[] SnapshotParameters =
    [
        "@id", "@at", "@title", "@published_at", "@content_hash", "@sha256", "@final_url", "@status", "@etag", "@last_modified",
    ];

    private readonly SqliteCommand _entry;
    private readonly SqliteCommand _snapshot;
    private readonly SqliteCommand _document;
    private readonly SqliteCommand _places;

    public SqliteEntryInsert(SqliteConnection connection)
    {
        _entry = Prepare(connection, InsertEntry, EntryParameters);
        _snapshot = Prepare(connection, InsertSnapshot, SnapshotParameters);
        _document = Prepare(connection, InsertDocument, "@snapshot_id", "@document");
        _places = Prepare(connection, InsertPlaces, "@sort_at", "@id", "@source_id");
    }

    public void Insert(SqliteTransaction? transaction, long sourceId, IReadOnlyList<NewEntryRow> entries, CancellationToken cancellationToken)
    {
        _entry.Transaction = _snapshot.Transaction = _document.Transaction = _places.Transaction = transaction;
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Bind(
                _entry, sourceId, entry.Key, entry.Guid, entry.Url, entry.UrlHash, entry.Title, entry.Summary, entry.Authors, entry.Tags,
                entry.Enclosures, entry.ImageUrl, entry.Language, entry.PublishedAt, entry.UpdatedAt, entry.Rights, entry.License, entry.Wishes, entry.ClaimedTitle,
                entry.ClaimedUrl, entry.ContentHash, entry.At, entry.SortAt);
            var id = (long)_entry.ExecuteScalar()!;
            var snapshot = entry.Snapshot;
            Bind(
                _snapshot, id, entry.At, snapshot.Title, snapshot.PublishedAt, snapshot.ContentHash, snapshot.Sha256, snapshot.FinalUrl, snapshot.Status,
                snapshot.Etag, snapshot.LastModified);
            Bind(_document, (long)_snapshot.ExecuteScalar()!, snapshot.Packed);
            _document.ExecuteNonQuery();
            Bind(_places, entry.SortAt, id, sourceId);
            _places.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _entry.Dispose();
        _snapshot.Dispose();
        _document.Dispose();
        _places.Dispose();
    }

    /// <summary>A command whose parameters are bound by their places; it is prepared at its first run and stays so.</summary>
    internal static SqliteCommand Prepare(SqliteConnection connection, string statement, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants above.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    /// <summary>Gives a command's parameters their values, in their order.</summary>
    internal static void Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
