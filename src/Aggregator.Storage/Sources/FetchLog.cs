using Aggregator.Core.Model;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Sources;

/// <summary>The last fetches of each source and its new entries per day: written by the refresh itself, inside its transaction.</summary>
internal static class FetchLog
{
    /// <summary>How many days are counted, today among them.</summary>
    public const int Days = 31;

    // Fifty rows that are written round and round: nothing has to be trimmed, and PostgreSQL has no dead rows beyond them.
    private const string Write = """
        insert into fetch_log (source_id, slot, number, at, kind, duration_ms, status, bytes, redirects, added, changed, failure_kind, failure_message)
        select id, fetch_count % @kept, fetch_count, @at, @kind, @duration_ms, @status, @bytes, @redirects, @added, @changed, @failure_kind, @failure_message
        from source where id = @source_id
        on conflict (source_id, slot) do update
        set number = excluded.number, at = excluded.at, kind = excluded.kind, duration_ms = excluded.duration_ms, status = excluded.status,
            bytes = excluded.bytes, redirects = excluded.redirects, added = excluded.added, changed = excluded.changed,
            failure_kind = excluded.failure_kind, failure_message = excluded.failure_message
        """;

    private const string Count = """
        insert into source_day (source_id, day, added) values (@source_id, @day, @added)
        on conflict (source_id, day) do update set added = source_day.added + excluded.added
        """;

    private const string ForgetDays = "delete from source_day where source_id = @source_id and day <= @day - @days";

    internal const string Newest = "select * from fetch_log where source_id = @source_id order by number desc";

    /// <summary>Remembers a fetch. The source's row has been written in this transaction already, so that nobody else counts beside us.</summary>
    public static async Task WriteAsync(StoreSession session, long sourceId, FetchRecord fetch)
    {
        var day = DayOf(fetch.At);
        await session.ExecuteAsync(Write, new
        {
            source_id = sourceId,
            kept = (long)FetchRecord.Kept,
            at = fetch.At.ToUnixTimeMilliseconds(),
            kind = (int)fetch.Kind,
            duration_ms = (long?)fetch.Duration?.TotalMilliseconds,
            status = fetch.Status,
            bytes = fetch.Bytes,
            redirects = fetch.Redirects,
            added = fetch.Added,
            changed = fetch.Changed,
            failure_kind = (int?)fetch.Failure?.Kind,
            failure_message = StorableText.Of(fetch.Failure?.Message),
        });
        if (fetch.Added == 0) return;
        await session.ExecuteAsync(Count, new { source_id = sourceId, day, added = fetch.Added });
        await session.ExecuteAsync(ForgetDays, new { source_id = sourceId, day, days = Days });
    }

    /// <summary>The number of a moment's day, UTC, as it is stored.</summary>
    public static int DayOf(DateTimeOffset at) => (int)(at.ToUnixTimeMilliseconds() / 86_400_000);

    /// <summary>The day of that number.</summary>
    public static DateOnly DateOf(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day);
}
