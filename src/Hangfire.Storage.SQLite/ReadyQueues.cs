namespace Hangfire.Storage.SQLite;

/// <summary>
/// The heads of the queues in memory, and who holds which row, so that taking a job costs neither a query nor a commit. Only the
/// process that owns the file gives out its jobs, so what it knows is the truth; the file learns of it with the next commit.
/// </summary>
/// <param name="load">Reads the oldest rows of a queue, up to a number, that the file says nobody holds.</param>
internal sealed class ReadyQueues(Func<string, int, List<ReadyRow>> load)
{
    /// <summary>Rows of one queue that are kept in memory; the rest is read when these are gone.</summary>
    private const int MaxRows = 1_000;

    private static readonly Comparer<ReadyRow> Oldest = Comparer<ReadyRow>.Create(static (one, other) => one.Id.CompareTo(other.Id));

    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<long, FetchedRow> _held = [];
    private readonly Lock _gate = new();

    /// <summary>Takes the oldest job of the first queue that has one.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused to read.</exception>
    public FetchedRow? Take(string[] queues, long now)
    {
        lock (_gate)
        {
            foreach (var queue in queues)
            {
                if (!_heads.TryGetValue(queue, out var head)) _heads.Add(queue, head = new Head());
                if (head.Rows.Count == 0 && !head.IsWhole) Load(queue, head);
                if (head.Rows.Count == 0) continue;

                var row = head.Rows.Min;
                head.Rows.Remove(row);
                var fetched = new FetchedRow(row.Id, queue, row.JobId, now);
                _held.Add(row.Id, fetched);
                return fetched;
            }
        }

        return null;
    }

    /// <summary>Puts a row back into its place.</summary>
    /// <param name="row">What <see cref="Take"/> returned.</param>
    /// <param name="noted">Called before anyone can take it again.</param>
    /// <returns>Whether it was held by this worker still.</returns>
    public bool GiveBack(FetchedRow row, Action noted)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(row.Id, out var held) || !ReferenceEquals(held, row)) return false;

            noted();

            // All rows that are in the file alone are younger: it was the oldest once.
            _held.Remove(row.Id);
            _heads[row.Queue].Rows.Add(new ReadyRow(row.Id, row.JobId));
            return true;
        }
    }

    /// <summary>Whether the row is held by the one for whom it was fetched.</summary>
    public bool IsHeld(FetchedRow row)
    {
        lock (_gate) return _held.TryGetValue(row.Id, out var held) && ReferenceEquals(held, row);
    }

    /// <summary>A row was added to a queue and committed; it is the youngest.</summary>
    public void Added(string queue, ReadyRow row)
    {
        lock (_gate)
        {
            // A queue from which nobody has taken yet has no head: its rows are read when somebody does.
            if (!_heads.TryGetValue(queue, out var head) || !head.IsWhole) return;

            // Read from the file between its commit and here, and taken already.
            if (_held.ContainsKey(row.Id)) return;

            if (head.Rows.Count < MaxRows) head.Rows.Add(row);
            else head.IsWhole = false;
        }
    }

    /// <summary>A row was removed from its queue and committed.</summary>
    public void Removed(FetchedRow row)
    {
        lock (_gate)
        {
            _held.Remove(row.Id);

            // Given back while its removal was being committed.
            _heads[row.Queue].Rows.Remove(new ReadyRow(row.Id, row.JobId));
        }
    }

    /// <summary>Looks at the file itself with the next <see cref="Take"/> that finds nothing in memory.</summary>
    public void Doubt(string[] queues)
    {
        lock (_gate)
        {
            foreach (var queue in queues)
                if (_heads.TryGetValue(queue, out var head))
                    head.IsWhole = false;
        }
    }

    // Inside the lock, so that no commit is noted between the query and its result. A row that was committed and is not noted yet is
    // read here, and passed over when it is noted.
    private void Load(string queue, Head head)
    {
        var limit = MaxRows + _held.Count;
        var rows = load(queue, limit);
        foreach (var row in rows)
            if (!_held.ContainsKey(row.Id))
                head.Rows.Add(row);

        head.IsWhole = rows.Count < limit;
    }

    private sealed class Head
    {
        public SortedSet<ReadyRow> Rows { get; } = new(Oldest);

        /// <summary>Whether the file has no other rows of the queue that nobody holds.</summary>
        public bool IsWhole { get; set; }
    }
}
