using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Sources;

/// <summary>Setting which pages of a source are captured, with what that means for pages that are on the way.</summary>
internal static class SourceCaptures
{
    private const string SetCapture = "update source set capture = @capture where id = @id";

    private const string DropCaptures = "delete from capture where source_id = @id and captured_at is null";

    private const string EndCaptures = "update capture set due_at = null where source_id = @id and due_at is not null";

    // Under other selectors the same page may give another text.
    private const string AskWhole = "update capture set etag = null, last_modified = null where source_id = @id";

    private const string Held = """
        select id, url from entry
        where source_id = @id and left_at is null and url is not null
        order by sort_at desc, id desc limit @limit
        """;

    private const string OrderCapture = """
        insert into capture (entry_id, source_id, host, due_at, state, attempts) values (@entry_id, @id, @host, @now, 1, 0)
        on conflict (entry_id) do nothing
        """;

    /// <summary>Sets the policy, which the caller has judged. False when there is no such source.</summary>
    public static async Task<bool> SetAsync(StoreSession session, long sourceId, CapturePolicy policy, DateTimeOffset now)
    {
        var row = new { id = sourceId, capture = FetchJson.Write(policy) };
        if (await session.ExecuteAsync(SetCapture, row) == 0) return false;
        if (policy.Mode == CaptureMode.Off)
        {
            await session.ExecuteAsync(DropCaptures, row);
            await session.ExecuteAsync(EndCaptures, row);
            return true;
        }

        await session.ExecuteAsync(AskWhole, row);
        foreach (var entry in await session.ListAsync<HeldRow>(Held, new { id = sourceId, limit = ISourceStore.MaxCaughtUp }))
            await session.ExecuteAsync(OrderCapture, new { entry_id = entry.Id, id = sourceId, host = StorableText.Of(HostGate.HostOf(entry.Url)), now = now.ToUnixTimeMilliseconds() });
        return true;
    }

    private sealed record HeldRow
    {
        public required long Id { get; init; }
        public required string Url { get; init; }
    }
}
