using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Captures;

/// <summary>Orders looks at pages, inside the transaction that stores or changes their entries.</summary>
internal static class CaptureOrders
{
    // What the feed says otherwise is asked for whole, from the beginning of its attempts: the link may be another too.
    private const string Order = """
        insert into capture (entry_id, source_id, host, due_at, state, attempts)
        select id, source_id, @host, @at, 1, 0 from entry where source_id = @source_id and key {any @keys}
        on conflict (entry_id) do update
        set host = excluded.host, due_at = excluded.due_at, attempts = 0, etag = null, last_modified = null,
            state = case when capture.captured_at is null then 1 else capture.state end
        """;

    /// <summary>Orders looks at these pages now; one statement for each of their hosts, of which a source nearly always has one.</summary>
    public static async Task PlaceAsync(StoreSession session, long sourceId, IReadOnlyList<WantedCapture> wanted, DateTimeOffset at)
    {
        foreach (var host in wanted.GroupBy(capture => capture.Host, StringComparer.Ordinal))
            await session.ExecuteAsync(Order, new
            {
                source_id = sourceId,
                host = StorableText.Of(host.Key),
                at = at.ToUnixTimeMilliseconds(),
                keys = session.Database.List([.. host.Select(capture => StorableText.Of(capture.Key))]),
            });
    }
}
