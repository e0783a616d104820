namespace Hangfire.Storage.SQLite;

/// <summary>A row of the queue that a worker has taken. The time of taking it is part of its identity: requeued rows keep their id.</summary>
internal sealed record FetchedRow(long Id, string Queue, long JobId, long FetchedAt);
