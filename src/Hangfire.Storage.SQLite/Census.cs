namespace Hangfire.Storage.SQLite;

/// <summary>
/// How many jobs are in each state and queue, and how many items in each set. Counted once at opening and kept up after each commit, because counting 100,000 index
/// rows for the numbers in the dashboard's menu would make every page of it slow.
/// </summary>
internal sealed class Census
{
    private const string CountStates = "select state, count(*) from job where state is not null group by state";
    private const string CountQueues = "select queue, count(*) - count(fetched_at), count(fetched_at) from job_queue group by queue";

    private const string CountSets = """select key, count(*) from "set" group by key""";

    private readonly Dictionary<string, long> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueLength> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sets = new(StringComparer.Ordinal);
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

        using (var rows = session.Query(CountSets))
            while (rows.Next())
                census._sets[rows.Text(0)] = rows.Integer(1);

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

    public long InSet(string key)
    {
        lock (_gate) return _sets.GetValueOrDefault(key);
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

    /// <summary>The sets that have items.</summary>
    public Dictionary<string, long> Sets()
    {
        lock (_gate) return new Dictionary<string, long>(_sets, StringComparer.Ordinal);
    }

    public void Apply(List<CensusChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes) Note(change);
        }
    }

    public void Apply(CensusChange change)
    {
        lock (_gate) Note(change);
    }

    private void Note(CensusChange change)
    {
        if (change.State is { } state) Add(_states, state, change.Count);
        if (change.Set is { } key) Add(_sets, key, change.Count);
        if (change.Queue is { } queue)
        {
            var length = _queues.GetValueOrDefault(queue);
            length = new QueueLength(length.Ready + change.Count, length.Fetched + change.Fetched);
            if (length == default) _queues.Remove(queue);
            else _queues[queue] = length;
        }
    }

    private static void Add(Dictionary<string, long> counts, string name, int change)
    {
        var count = counts.GetValueOrDefault(name) + change;
        if (count == 0) counts.Remove(name);
        else counts[name] = count;
    }
}
