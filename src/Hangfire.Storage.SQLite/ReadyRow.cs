namespace Hangfire.Storage.SQLite;

/// <summary>A row of a queue that nobody holds.</summary>
internal readonly record struct ReadyRow(long Id, long JobId);
