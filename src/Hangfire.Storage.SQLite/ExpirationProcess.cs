using System.Text.Json;
using Hangfire.Logging;
using Hangfire.Server;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// Removes what has expired, in batches that workers get between, and tidies up the file afterwards.
/// </summary>
internal sealed class ExpirationProcess(JobDatabase database, TimeProvider time, TimeSpan interval) : IBackgroundProcess
{
    private const int Batch = 1_000;

    private const string ExpiredJobs = """
        select id from job where expire_at < ?1 and id not in (select job_id from job_queue) order by expire_at limit ?2
        """;

    private const string ExpiredHashFields = "delete from hash where (key, field) in (select key, field from hash where expire_at < ?1 limit ?2)";
    private const string ExpiredListItems = "delete from list where id in (select id from list where expire_at < ?1 limit ?2)";
    private const string ExpiredCounters = "delete from counter where key in (select key from counter where expire_at < ?1 limit ?2)";

    // Deleting a job takes its states and parameters along, about ten rows with their index entries: fewer at once than of the rest.
    private const int JobsAtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly ILog _log = LogProvider.For<ExpirationProcess>();

    public void Execute(BackgroundProcessContext context)
    {
        var removed = RemoveExpired(context.StoppingToken);
        if (removed > 0) _log.Debug($"{removed} expired records removed.");
        database.TidyUp();
        context.Wait(interval);
    }

    /// <summary>Removes everything that has expired by now.</summary>
    /// <returns>How many jobs, and rows of sets, hashes, lists and counters.</returns>
    public int RemoveExpired(CancellationToken cancellationToken)
    {
        var now = time.Now();
        var removed = RemoveJobs(now, cancellationToken);
        removed += RemoveBatches(writer => writer.DeleteSetItems(now, Batch), cancellationToken);
        removed += RemoveBatches(writer => writer.Delete(ExpiredHashFields, now, Batch), cancellationToken);
        removed += RemoveBatches(writer => writer.Delete(ExpiredListItems, now, Batch), cancellationToken);
        removed += RemoveBatches(writer => writer.Delete(ExpiredCounters, now, Batch), cancellationToken);
        return removed;
    }

    public override string ToString() => nameof(ExpirationProcess);

    private int RemoveBatches(Func<JobWriter, int> remove, CancellationToken cancellationToken)
    {
        for (var removed = 0; ; Rest(cancellationToken))
        {
            var count = database.Write(remove);
            removed += count;
            if (count < Batch) return removed;
        }
    }

    // The gate is not fair: without a pause this thread would take it again before anyone who waits for it.
    private static void Rest(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        cancellationToken.WaitHandle.WaitOne(Pause);
    }

    private int RemoveJobs(long now, CancellationToken cancellationToken)
    {
        var removed = 0;
        List<long> ids;
        do
        {
            // Looked for outside the gate; whether they are still expired is asked again inside.
            ids = database.Read(session =>
            {
                var found = new List<long>();
                using var rows = session.Query(ExpiredJobs, now, Batch);
                while (rows.Next()) found.Add(rows.Integer(0));
                return found;
            });

            foreach (var chunk in ids.Chunk(JobsAtOnce))
            {
                var text = JsonSerializer.Serialize(chunk);
                removed += database.Write(writer => writer.DeleteJobs(text, now, database.LastJobId));
                Rest(cancellationToken);
            }
        }
        while (ids.Count == Batch);

        return removed;
    }
}
