using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Storage.Entries;

namespace Aggregator.Storage.Databases;

/// <summary>Quiet saves as two statements over an array of objects, whatever their number.</summary>
internal static class PostgreSqlQuietSave
{
    // The same as the columns of a whole save, but for what only a document says: that stays as it is, however it came there meanwhile.
    private const string Update = """
        update source
        set state = case when item.state = 3 then 3 when item.state = 1 and source.state = 3 then 1 else source.state end,
            fetch_state = item.fetch_state, etag = item.etag, last_modified = item.last_modified, validators_at = item.validators_at,
            parser_version = item.parser_version, next_fetch_at = item.next_fetch_at, schedule_reason = item.schedule_reason,
            lease_owner = null, lease_until = null,
            last_fetch_at = item.last_fetch_at, last_success_at = item.last_success_at,
            failure_count = item.failure_count, failure_kind = item.failure_kind, failure_message = item.failure_message,
            failure_at = item.failure_at, failure_status = item.failure_status,
            churn = item.churn, last_fetch_ms = item.last_fetch_ms, fetch_count = source.fetch_count + 1
        from (select cast(each.value ->> 'id' as bigint) as source_id, each.value ->> 'leaseOwner' as owner,
                     cast(each.value ->> 'state' as integer) as state, each.value ->> 'fetchState' as fetch_state,
                     each.value ->> 'etag' as etag, each.value ->> 'lastModified' as last_modified,
                     cast(each.value ->> 'validatorsAt' as bigint) as validators_at, cast(each.value ->> 'parserVersion' as integer) as parser_version,
                     cast(each.value ->> 'nextFetchAt' as bigint) as next_fetch_at, each.value ->> 'scheduleReason' as schedule_reason,
                     cast(each.value ->> 'lastFetchAt' as bigint) as last_fetch_at, cast(each.value ->> 'lastSuccessAt' as bigint) as last_success_at,
                     cast(each.value ->> 'failureCount' as integer) as failure_count, cast(each.value ->> 'failureKind' as integer) as failure_kind,
                     each.value ->> 'failureMessage' as failure_message, cast(each.value ->> 'failureAt' as bigint) as failure_at,
                     cast(each.value ->> 'failureStatus' as integer) as failure_status, cast(each.value ->> 'churn' as integer) as churn,
                     cast(each.value ->> 'lastFetchMs' as bigint) as last_fetch_ms
              from jsonb_array_elements(cast(@rows as jsonb)) as each (value)) as item
        where source.id = item.source_id and source.lease_owner = item.owner
        returning id
        """;

    private const string Log = """
        insert into fetch_log (source_id, slot, number, at, kind, duration_ms, status, bytes, redirects, added, changed, failure_kind, failure_message)
        select source.id, source.fetch_count % @kept, source.fetch_count, item.at, item.kind, item.ms, item.status, item.bytes, item.redirects, 0, 0,
               item.failure_kind, item.failure_message
        from (select cast(each.value ->> 'id' as bigint) as source_id, cast(each.value ->> 'logAt' as bigint) as at,
                     cast(each.value ->> 'logKind' as integer) as kind, cast(each.value ->> 'logMs' as bigint) as ms,
                     cast(each.value ->> 'logStatus' as integer) as status, cast(each.value ->> 'logBytes' as bigint) as bytes,
                     cast(each.value ->> 'logRedirects' as integer) as redirects, cast(each.value ->> 'logFailureKind' as integer) as failure_kind,
                     each.value ->> 'logFailureMessage' as failure_message
              from jsonb_array_elements(cast(@rows as jsonb)) as each (value)) as item
        join source on source.id = item.source_id
        where item.at is not null
        on conflict (source_id, slot) do update
        set number = excluded.number, at = excluded.at, kind = excluded.kind, duration_ms = excluded.duration_ms, status = excluded.status,
            bytes = excluded.bytes, redirects = excluded.redirects, added = excluded.added, changed = excluded.changed,
            failure_kind = excluded.failure_kind, failure_message = excluded.failure_message
        """;

    /// <summary>Writes them; the sources whose lease still held.</summary>
    public static async Task<HashSet<long>> WriteAsync(StoreSession session, List<QuietSave> rows)
    {
        var all = JsonSerializer.Serialize(rows, StoreJson.Lists.ListQuietSave);
        var saved = (await session.ListAsync<long>(Update, new { rows = all })).ToHashSet();
        if (saved.Count == 0) return saved;
        var logged = saved.Count == rows.Count ? all : JsonSerializer.Serialize(rows.FindAll(row => saved.Contains(row.Id)), StoreJson.Lists.ListQuietSave);
        await session.ExecuteAsync(Log, new { rows = logged, kept = (long)FetchRecord.Kept });
        return saved;
    }
}
