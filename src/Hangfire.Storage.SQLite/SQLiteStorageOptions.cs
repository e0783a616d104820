namespace Hangfire.Storage.SQLite;

/// <summary>How the job storage behaves. Every default works.</summary>
public sealed class SQLiteStorageOptions
{
    private TimeSpan _queuePollInterval = TimeSpan.FromSeconds(15);
    private TimeSpan _jobExpirationCheckInterval = TimeSpan.FromMinutes(5);
    private TimeSpan _ownerWait = TimeSpan.Zero;
    private int? _dashboardJobListLimit = 10_000;
    private int _maxStateHistory = 20;
    private TimeProvider _timeProvider = TimeProvider.System;

    /// <summary>
    /// How long an idle worker sleeps at most before it looks at its queues without having been called; 15 seconds.
    /// Enqueued jobs wake a worker at once, this is a safety net only.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan QueuePollInterval
    {
        get => _queuePollInterval;
        set => _queuePollInterval = Positive(value, nameof(QueuePollInterval));
    }

    /// <summary>Time between two removals of what has expired; 5 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan JobExpirationCheckInterval
    {
        get => _jobExpirationCheckInterval;
        set => _jobExpirationCheckInterval = Positive(value, nameof(JobExpirationCheckInterval));
    }

    /// <summary>
    /// How long opening waits for another process to let go of the file; zero, so a second process is refused at once.
    /// Some seconds let a new process start while the one that it replaces still stops.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan OwnerWait
    {
        get => _ownerWait;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _ownerWait = value;
        }
    }

    /// <summary>The most jobs that a list of the dashboard counts and pages through; 10,000. Null counts all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int? DashboardJobListLimit
    {
        get => _dashboardJobListLimit;
        set
        {
            if (value is <= 0) throw new ArgumentOutOfRangeException(nameof(value), value, "The limit must be positive.");
            _dashboardJobListLimit = value;
        }
    }

    /// <summary>How many states of its history a job keeps; 20. Its current state is always kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int MaxStateHistory
    {
        get => _maxStateHistory;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _maxStateHistory = value;
        }
    }

    /// <summary>The clock that stamps states, heartbeats and expirations; the system's.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public TimeProvider TimeProvider
    {
        get => _timeProvider;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _timeProvider = value;
        }
    }

    private static TimeSpan Positive(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        return value;
    }
}
