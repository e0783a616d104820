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

    private const string ExpiredSetItems = """
        delete from "set" where (key, value) in (select key, value from "set" where expire_at < ?1 limit ?2)
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
        foreach (var sql in (string[])[ExpiredSetItems, ExpiredHashFields, ExpiredListItems, ExpiredCounters])
        {
            int count;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                count = database.Write(writer => writer.Delete(sql, now, Batch));
                removed += count;
            }
            while (count == Batch);
        }

        return removed;
    }

    public override string ToString() => nameof(ExpirationProcess);

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
                cancellationToken.ThrowIfCancellationRequested();
                var text = JsonSerializer.Serialize(chunk);
                removed += database.Write(writer => writer.DeleteJobs(text, now, database.LastJobId));

                // The gate is not fair: without a pause this thread would take it again before anyone who waits for it.
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
        }
        while (ids.Count == Batch);

        return removed;
    }
}
