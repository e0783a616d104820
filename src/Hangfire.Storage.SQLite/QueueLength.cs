using System.Runtime.InteropServices;

namespace Hangfire.Storage.SQLite;

/// <summary>How many jobs wait in a queue, and how many of it are with a worker.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueueLength(long Ready, long Fetched);
