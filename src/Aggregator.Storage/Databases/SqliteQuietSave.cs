using Aggregator.Core.Model;
using Aggregator.Storage.Entries;
using Microsoft.Data.Sqlite;

namespace Aggregator.Storage.Databases;

/// <summary>Quiet saves as commands that are prepared once for the writing connection: one array of objects in JSON took three times as long.</summary>
internal sealed class SqliteQuietSave : IDisposable
{
    // Nearly always a source was well and stays so. What no index holds of state and failures costs none of theirs.
    private const string UpdateWell = """
        update source
        set fetch_state = @fetch_state, etag = @etag, last_modified = @last_modified, validators_at = @validators_at, parser_version = @parser_version,
            next_fetch_at = @next_fetch_at, schedule_reason = @schedule_reason, lease_owner = null, lease_until = null,
            last_fetch_at = @last_fetch_at, last_success_at = @last_success_at, churn = @churn, last_fetch_ms = @last_fetch_ms,
            fetch_count = fetch_count + 1
        where id = @id and lease_owner = @lease_owner and state = 1 and failure_count = 0 and failure_kind is null
        returning fetch_count
        """;

    // The same as the columns of a whole save, but for what only a document says: that stays as it is, however it came there meanwhile.
    private const string Update = """
        update source
        set state = case when @state = 3 then 3 when @state = 1 and state = 3 then 1 else state end,
            fetch_state = @fetch_state, etag = @etag, last_modified = @last_modified, validators_at = @validators_at, parser_version = @parser_version,
            next_fetch_at = @next_fetch_at, schedule_reason = @schedule_reason, lease_owner = null, lease_until = null,
            last_fetch_at = @last_fetch_at, last_success_at = @last_success_at, churn = @churn, last_fetch_ms = @last_fetch_ms,
            failure_count = @failure_count, failure_kind = @failure_kind, failure_message = @failure_message,
            failure_at = @failure_at, failure_status = @failure_status, fetch_count = fetch_count + 1
        where id = @id and lease_owner = @lease_owner
        returning fetch_count
        """;

    private const string Log = """
        insert into fetch_log (source_id, slot, number, at, kind, duration_ms, status, bytes, redirects, added, changed, failure_kind, failure_message)
        values (@id, @slot, @number, @at, @kind, @ms, @status, @bytes, @redirects, 0, 0, @failure_kind, @failure_message)
        on conflict (source_id, slot) do update
        set number = excluded.number, at = excluded.at, kind = excluded.kind, duration_ms = excluded.duration_ms, status = excluded.status,
            bytes = excluded.bytes, redirects = excluded.redirects, added = excluded.added, changed = excluded.changed,
            failure_kind = excluded.failure_kind, failure_message = excluded.failure_message
        """;

    private static readonly string[] WellParameters =
    [
        "@id", "@lease_owner", "@fetch_state", "@etag", "@last_modified", "@validators_at", "@parser_version", "@next_fetch_at", "@schedule_reason",
        "@last_fetch_at", "@last_success_at", "@churn", "@last_fetch_ms",
    ];

    private readonly SqliteCommand _updateWell;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _log;

    public SqliteQuietSave(SqliteConnection connection)
    {
        _updateWell = SqliteEntryInsert.Prepare(connection, UpdateWell, WellParameters);
        _update = SqliteEntryInsert.Prepare(
            connection, Update, [.. WellParameters, "@state", "@failure_count", "@failure_kind", "@failure_message", "@failure_at", "@failure_status"]);
        _log = SqliteEntryInsert.Prepare(
            connection, Log, "@id", "@slot", "@number", "@at", "@kind", "@ms", "@status", "@bytes", "@redirects", "@failure_kind", "@failure_message");
    }

    /// <summary>Writes them; the sources whose lease still held.</summary>
    public HashSet<long> Write(SqliteTransaction? transaction, List<QuietSave> rows)
    {
        _updateWell.Transaction = _update.Transaction = _log.Transaction = transaction;
        var saved = new HashSet<long>(rows.Count);
        foreach (var row in rows)
        {
            if (Save(row) is not { } number) continue;
            saved.Add(row.Id);
            if (row.LogAt is not { } at) continue;
            SqliteEntryInsert.Bind(
                _log, row.Id, number % FetchRecord.Kept, number, at, row.LogKind, row.LogMs, row.LogStatus, row.LogBytes, row.LogRedirects,
                row.LogFailureKind, row.LogFailureMessage);
            _log.ExecuteNonQuery();
        }

        return saved;
    }

    public void Dispose()
    {
        _updateWell.Dispose();
        _update.Dispose();
        _log.Dispose();
    }

    /// <summary>The number of its fetch, or null when its lease was lost.</summary>
    private long? Save(QuietSave row)
    {
        if (row is { State: (int)SourceState.Active, FailureCount: 0, FailureKind: null })
        {
            SqliteEntryInsert.Bind(
                _updateWell, row.Id, row.LeaseOwner, row.FetchState, row.Etag, row.LastModified, row.ValidatorsAt, row.ParserVersion, row.NextFetchAt,
                row.ScheduleReason, row.LastFetchAt, row.LastSuccessAt, row.Churn, row.LastFetchMs);
            if (_updateWell.ExecuteScalar() is long number) return number;
        }

        SqliteEntryInsert.Bind(
            _update, row.Id, row.LeaseOwner, row.FetchState, row.Etag, row.LastModified, row.ValidatorsAt, row.ParserVersion, row.NextFetchAt,
            row.ScheduleReason, row.LastFetchAt, row.LastSuccessAt, row.Churn, row.LastFetchMs, row.State, row.FailureCount, row.FailureKind,
            row.FailureMessage, row.FailureAt, row.FailureStatus);
        return _update.ExecuteScalar() is long other ? other : null;
    }
}
