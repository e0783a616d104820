using Aggregator.Storage.Entries;
using Microsoft.Data.Sqlite;

namespace Aggregator.Storage.Databases;

/// <summary>The insertion of entries as commands that are prepared once for the writing connection.</summary>
internal sealed class SqliteEntryInsert : IDisposable
{
    private const string InsertEntry = """
        insert into entry (source_id, key, guid, url, url_hash, title, summary, authors, tags, enclosures, image_url, language,
                           published_at, updated_at, rights, claimed_title, claimed_url, content_hash,
                           first_seen_at, captured_at, last_seen_at, version, sort_at)
        values (@source_id, @key, @guid, @url, @url_hash, @title, @summary, @authors, @tags, @enclosures, @image_url, @language,
                @published_at, @updated_at, @rights, @claimed_title, @claimed_url, @content_hash,
                @at, @at, @at, 1, @sort_at)
        returning id
        """;

    private const string InsertContent = "insert into entry_content (entry_id, content) values (@id, @content)";

    private const string InsertPlaces = """
        insert into category_entry (category_id, sort_at, entry_id)
        select category_id, @sort_at, @id from category_source where source_id = @source_id
        """;

    private static readonly string[] EntryParameters =
    [
        "@source_id", "@key", "@guid", "@url", "@url_hash", "@title", "@summary", "@authors", "@tags", "@enclosures", "@image_url", "@language",
        "@published_at", "@updated_at", "@rights", "@claimed_title", "@claimed_url", "@content_hash", "@at", "@sort_at",
    ];

    private readonly SqliteCommand _entry;
    private readonly SqliteCommand _content;
    private readonly SqliteCommand _places;

    public SqliteEntryInsert(SqliteConnection connection)
    {
        _entry = Prepare(connection, InsertEntry, EntryParameters);
        _content = Prepare(connection, InsertContent, "@id", "@content");
        _places = Prepare(connection, InsertPlaces, "@sort_at", "@id", "@source_id");
    }

    public void Insert(SqliteTransaction? transaction, long sourceId, IReadOnlyList<NewEntryRow> entries, CancellationToken cancellationToken)
    {
        _entry.Transaction = _content.Transaction = _places.Transaction = transaction;
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Bind(
                _entry, sourceId, entry.Key, entry.Guid, entry.Url, entry.UrlHash, entry.Title, entry.Summary, entry.Authors, entry.Tags,
                entry.Enclosures, entry.ImageUrl, entry.Language, entry.PublishedAt, entry.UpdatedAt, entry.Rights, entry.ClaimedTitle,
                entry.ClaimedUrl, entry.ContentHash, entry.At, entry.SortAt);
            var id = (long)_entry.ExecuteScalar()!;
            if (entry.Content is not null)
            {
                Bind(_content, id, entry.Content);
                _content.ExecuteNonQuery();
            }

            Bind(_places, entry.SortAt, id, sourceId);
            _places.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _entry.Dispose();
        _content.Dispose();
        _places.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string statement, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants above.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
