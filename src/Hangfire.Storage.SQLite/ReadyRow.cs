using System.Runtime.InteropServices;

namespace Hangfire.Storage.SQLite;

/// <summary>A row of a queue that nobody holds.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReadyRow(long Id, long JobId);
