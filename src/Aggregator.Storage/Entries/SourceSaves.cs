using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Entries;

/// <summary>
/// Saves sources that a refresh brought nothing for (304, a failure): those that come within <see cref="Patience"/> go in one
/// transaction of two statements, whatever their number. A crawl whose publishers all say "not modified" writes nothing else, so that its cost
/// is that of these commits. A save is committed when its task ends, like any other.
/// </summary>
internal sealed class SourceSaves(Database database)
{
    /// <summary>The most sources of one transaction.</summary>
    public const int Most = 256;

    /// <summary>How long a first one waits for others; its fetch is over, and its lease is a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(4);

    // The same as the columns of a whole save, but for what only a document says: that stays as it is, however it came there meanwhile.
    internal const string Update = """
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
              from {objects @rows}) as item
        where source.id = item.source_id and source.lease_owner = item.owner
        returning id
        """;

    internal const string Log = """
        insert into fetch_log (source_id, slot, number, at, kind, duration_ms, status, bytes, redirects, added, changed, failure_kind, failure_message)
        select source.id, source.fetch_count % @kept, source.fetch_count, item.at, item.kind, item.ms, item.status, item.bytes, item.redirects, 0, 0,
               item.failure_kind, item.failure_message
        from (select cast(each.value ->> 'id' as bigint) as source_id, cast(each.value ->> 'logAt' as bigint) as at,
                     cast(each.value ->> 'logKind' as integer) as kind, cast(each.value ->> 'logMs' as bigint) as ms,
                     cast(each.value ->> 'logStatus' as integer) as status, cast(each.value ->> 'logBytes' as bigint) as bytes,
                     cast(each.value ->> 'logRedirects' as integer) as redirects, cast(each.value ->> 'logFailureKind' as integer) as failure_kind,
                     each.value ->> 'logFailureMessage' as failure_message
              from {objects @rows}) as item
        join source on source.id = item.source_id
        where item.at is not null
        on conflict (source_id, slot) do update
        set number = excluded.number, at = excluded.at, kind = excluded.kind, duration_ms = excluded.duration_ms, status = excluded.status,
            bytes = excluded.bytes, redirects = excluded.redirects, added = excluded.added, changed = excluded.changed,
            failure_kind = excluded.failure_kind, failure_message = excluded.failure_message
        """;

    private readonly Lock _lock = new();
    private readonly Queue<Save> _waiting = new();
    private bool _isWriting;

    /// <summary>Saves one and remembers its fetch; false when its lease was lost. Once begun it is not broken off.</summary>
    public Task<bool> SaveAsync(QuietSave row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var save = new Save(row);
        lock (_lock)
        {
            _waiting.Enqueue(save);
            if (_isWriting) return save.Done.Task;
            _isWriting = true;
        }

        _ = Task.Run(WriteAllAsync, CancellationToken.None);
        return save.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            if (!IsFull()) await Task.Delay(Patience);
            var batch = new List<Save>();
            lock (_lock)
            {
                // Of one source only the save of who holds its lease counts, and which one that was must be told apart.
                var sources = new HashSet<long>();
                while (batch.Count < Most && _waiting.TryPeek(out var save) && sources.Add(save.Row.Id)) batch.Add(_waiting.Dequeue());
                if (batch.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            await WriteAsync(batch);
        }
    }

    private bool IsFull()
    {
        lock (_lock) return _waiting.Count >= Most;
    }

    private async Task WriteAsync(List<Save> batch)
    {
        HashSet<long> saved;
        try
        {
            // In one order everywhere, so that two processes never wait for each other's rows.
            var rows = batch.Select(save => save.Row).OrderBy(row => row.Id).ToList();
            saved = await database.WriteAsync(session => WriteAsync(session, rows), CancellationToken.None);
        }
        catch (Exception) when (batch.Count > 1)
        {
            // Whatever it was, it happens again to the one that it belongs to, and is told there.
            foreach (var save in batch) await WriteAsync([save]);
            return;
        }
        catch (Exception error)
        {
            batch[0].Done.SetException(error);
            return;
        }

        foreach (var save in batch) save.Done.SetResult(saved.Contains(save.Row.Id));
    }

    private static async Task<HashSet<long>> WriteAsync(StoreSession session, List<QuietSave> rows)
    {
        var all = JsonSerializer.Serialize(rows, StoreJson.Lists.ListQuietSave);
        var saved = (await session.ListAsync<long>(Update, new { rows = all })).ToHashSet();
        if (saved.Count == 0) return saved;
        var logged = saved.Count == rows.Count ? all : JsonSerializer.Serialize(rows.FindAll(row => saved.Contains(row.Id)), StoreJson.Lists.ListQuietSave);
        await session.ExecuteAsync(Log, new { rows = logged, kept = (long)FetchRecord.Kept });
        return saved;
    }

    private sealed class Save(QuietSave row)
    {
        public QuietSave Row { get; } = row;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
