using Hangfire.States;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// Jobs that were created a while ago and wait or run: what a worker asks about them twice is answered from memory. A job leaves with
/// its first state other than enqueued and processing.
/// </summary>
/// <remarks>Two generations, of which the older is dropped when the younger is full, bound the memory to some 20 MB.</remarks>
internal sealed class RecentJobs
{
    private const int MaxJobsPerGeneration = 8_192;
    private const int MaxCharactersPerGeneration = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private Dictionary<long, Recent> _young = [];
    private Dictionary<long, Recent> _old = [];
    private int _characters;

    public void Add(long id, NewJob job)
    {
        lock (_gate)
        {
            if (_young.Count >= MaxJobsPerGeneration || _characters >= MaxCharactersPerGeneration)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
                _characters = 0;
            }

            _young.Add(id, new Recent(job));
            _characters += job.Characters;
        }
    }

    /// <summary>The job as the last commit left it; null when it is not among the recent ones.</summary>
    public JobData? Find(long id)
    {
        NewJob job;
        string? state;
        Dictionary<string, string> parameters;
        lock (_gate)
        {
            if (!TryGet(id, out var recent)) return null;

            job = recent.Job;
            state = recent.State;
            parameters = new Dictionary<string, string>(recent.Parameters, StringComparer.Ordinal);
        }

        var stored = StoredInvocation.Read(job);
        return new JobData
        {
            Job = stored.Job,
            InvocationData = stored.Data,
            LoadException = stored.Failure,
            State = state,
            CreatedAt = Clock.ToDateTime(job.CreatedAt),
            ParametersSnapshot = parameters,
        };
    }

    /// <summary>Notes what a transaction did, after its commit.</summary>
    public void Apply(List<JobChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                if (!TryGet(change.JobId, out var recent)) continue;

                if (change.Parameter is { } name) recent.Parameters[name] = change.Value!;
                else if (IsWaitingOrRunning(change.Value)) recent.State = change.Value;
                else if (!_young.Remove(change.JobId)) _old.Remove(change.JobId);
                else _characters -= recent.Job.Characters;
            }
        }
    }

    private static bool IsWaitingOrRunning(string? state) =>
        string.Equals(state, EnqueuedState.StateName, StringComparison.Ordinal) || string.Equals(state, ProcessingState.StateName, StringComparison.Ordinal);

    private bool TryGet(long id, out Recent recent) => _young.TryGetValue(id, out recent!) || _old.TryGetValue(id, out recent!);

    private sealed class Recent(NewJob job)
    {
        public NewJob Job { get; } = job;

        public Dictionary<string, string> Parameters { get; } = job.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);

        public string? State { get; set; }
    }
}
