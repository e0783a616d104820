namespace Hangfire.Storage.SQLite;

/// <summary>
/// How many jobs are in each state and queue. Counted once at opening and kept up after each commit, because counting 100,000 index
/// rows for the numbers in the dashboard's menu would make every page of it slow.
/// </summary>
internal sealed class Census
{
    private const string CountStates = "select state, count(*) from job where state is not null group by state";
    private const string CountQueues = "select queue, count(*) - count(fetched_at), count(fetched_at) from job_queue group by queue";

    private readonly Dictionary<string, long> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueLength> _queues = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public static Census Take(Session session)
    {
        var census = new Census();
        using (var rows = session.Query(CountStates))
            while (rows.Next())
                census._states[rows.Text(0)] = rows.Integer(1);

        using (var rows = session.Query(CountQueues))
            while (rows.Next())
                census._queues[rows.Text(0)] = new QueueLength(rows.Integer(1), rows.Integer(2));

        return census;
    }

    public long InState(string state)
    {
        lock (_gate) return _states.GetValueOrDefault(state);
    }

    public QueueLength InQueue(string queue)
    {
        lock (_gate) return _queues.GetValueOrDefault(queue);
    }

    /// <summary>The states that have jobs.</summary>
    public Dictionary<string, long> States()
    {
        lock (_gate) return new Dictionary<string, long>(_states, StringComparer.Ordinal);
    }

    /// <summary>The queues that have jobs.</summary>
    public Dictionary<string, QueueLength> Queues()
    {
        lock (_gate) return new Dictionary<string, QueueLength>(_queues, StringComparer.Ordinal);
    }

    public void Apply(List<CensusChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                if (change.State is { } state)
                {
                    var count = _states.GetValueOrDefault(state) + change.Jobs;
                    if (count == 0) _states.Remove(state);
                    else _states[state] = count;
                }

                if (change.Queue is { } queue)
                {
                    var length = _queues.GetValueOrDefault(queue);
                    length = new QueueLength(length.Ready + change.Ready, length.Fetched + change.Fetched);
                    if (length == default) _queues.Remove(queue);
                    else _queues[queue] = length;
                }
            }
        }
    }
}
