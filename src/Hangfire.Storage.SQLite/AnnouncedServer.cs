namespace Hangfire.Storage.SQLite;

/// <summary>What a server said of itself when it started.</summary>
internal sealed record AnnouncedServer(int WorkerCount, string[] Queues, long StartedAt);
